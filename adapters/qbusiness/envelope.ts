import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';
import { readDecision, readProposal, readStatus } from './about-changes.ts';
import type { Read } from './asked.ts';
import { given, toolCall } from './input.ts';
import { type Place, placesOf, USUAL } from './operations.ts';
import { wrongCall } from './problem.ts';
import { read } from './read-shape.ts';
import { UserContext } from './user-context.ts';

const Envelope = z.looseObject({
  operation: z.string('the name of an operation').max(100, 'at most 100 characters').optional(),
  parameters: z.record(z.string(), z.unknown(), 'an object with the parameters of the operation').default({}),
  user_context: UserContext.optional(),
});

const HINT = 'Send {"operation": "…", "parameters": {…}, "user_context": {…}}; user_context may be left out.';

/** What `POST /operations/<place>` is asked for (Q1): an operation that belongs there, or the name of the place where it does. */
export function readEnvelope(
  place: Place,
  tools: ReadonlyMap<string, Tool>,
  body: Readonly<Record<string, unknown>>,
): Read {
  const parsed = read(Envelope, given(body), HINT);
  if ('refused' in parsed) return parsed;
  const { operation = USUAL[place], parameters, user_context: userContext } = parsed.value;
  if (operation === undefined) return { refused: wrongCall(400, 'input_invalid', 'operation is missing.', HINT) };
  const found = readOperation(place, operation, tools, parameters);
  return 'refused' in found ? found : { asked: { ...found.asked, userContext } };
}

function readOperation(
  place: Place,
  operation: string,
  tools: ReadonlyMap<string, Tool>,
  parameters: Readonly<Record<string, unknown>>,
): Read {
  const places = placesOf(operation, tools);
  const [right] = places;
  if (right === undefined) return { refused: unknown(place, tools) };
  if (!places.includes(place)) {
    const message = `${operation} is not for /operations/${place}.`;
    return { refused: wrongCall(400, 'input_invalid', message, `Send the same to POST /operations/${right}.`) };
  }
  const tool = tools.get(operation);
  if (tool) return { asked: toolCall(tool, parameters) };
  if (place === 'approve' || place === 'reject') return readDecision(place, parameters);
  return place === 'status' ? readStatus(parameters) : readProposal(tools, parameters);
}

function unknown(place: Place, tools: ReadonlyMap<string, Tool>) {
  const here = [...tools.keys()].filter((name) => placesOf(name, tools).includes(place));
  const names = USUAL[place] === undefined ? here : [USUAL[place], ...here];
  return wrongCall(404, 'unknown_tool', 'There is no such operation.', `Here there are ${names.join(', ')}.`);
}
