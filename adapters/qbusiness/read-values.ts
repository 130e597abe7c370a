import type { IncomingMessage } from 'node:http';
import { readJsonBody } from '../http/json-body.ts';
import type { Reply } from '../http/reply.ts';
import { wrongCall } from './problem.ts';

export type Values = Readonly<Record<string, unknown>>;
type Found = { values: Values } | { refused: Reply };

const MOST_PARAMETERS = 20;

/** The query of a GET, each name once. */
export function readQuery({ url = '' }: IncomingMessage): Found {
  const at = url.indexOf('?');
  const query = [...new URLSearchParams(at === -1 ? '' : url.slice(at + 1))];
  const values = Object.fromEntries(query);
  if (query.length > MOST_PARAMETERS || Object.keys(values).length < query.length) {
    const hint = 'Send every parameter once; several values go into one text with commas between.';
    return { refused: wrongCall(400, 'input_invalid', 'A parameter is there twice, or there are too many.', hint) };
  }
  return { values };
}

/** The JSON object of a POST. */
export async function readBody(request: IncomingMessage): Promise<Found> {
  const body = await readJsonBody(request);
  if ('refused' in body) return body;
  if (isObject(body.value)) return { values: body.value };
  return { refused: wrongCall(400, 'input_invalid', 'The request body is no JSON object.', 'Send one JSON object.') };
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
