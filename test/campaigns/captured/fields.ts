import type { JsonObject } from '../../../lib/json.ts';
import { OPERATIONS, type Service } from '../../../tools/aws/apis.ts';
import { mapAwsError } from '../../../tools/aws/errors.ts';
import { sdkError } from '../../approvals/recording-aws.ts';

/** A read as somebody could ask for it. */
export interface Read {
  tool: string;
  input: JsonObject;
}

/** One text that a read gets from AWS or from a record: where somebody else can write. */
export interface Place {
  read: Read;
  /** Which answer: 'describeInstances', or 'incident' for a record of our own. */
  source: string;
  path: Path;
  /** Some texts are only found by what they hold: there it is added. */
  how: 'instead' | 'after';
  /** Handed on as it is. What a tool cuts or takes apart can hold a piece of a secret that nobody can tell from a name. */
  whole: boolean;
}

type Path = readonly (string | number)[];

/** A text that is JSON itself: CloudTrail's record. */
const INSIDE = '(as JSON)';
/** Not a field of the answer: AWS's own words when it refuses. */
const ERROR: Path = ['(error message)'];

/** 'list_alarms describeAlarms MetricAlarms[].StateReason' */
export const nameOf = ({ read, source, path }: Pick<Place, 'read' | 'source' | 'path'>): string =>
  `${read.tool} ${source} ${path.map((step) => (typeof step === 'number' ? '[]' : `.${step}`)).join('')}`;

/** The path of every text in an answer. */
export function* textsIn(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value === 'string') {
    const inside = asObject(value);
    if (inside) yield* textsIn(inside, [...path, INSIDE]);
    else yield path;
  } else if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) yield* textsIn(item, [...path, place]);
  } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    for (const [name, item] of Object.entries(value)) yield* textsIn(item, [...path, name]);
  }
}

/** Our own records refuse nothing in somebody else's words. */
export const errorsOf = (source: string): readonly Path[] => (source === 'incident' ? [] : [ERROR]);

/** The answer with the text in its place. @throws OpsError where the place is AWS's refusal */
export function planted(
  source: string,
  answer: unknown,
  { path, how }: Pick<Place, 'path' | 'how'>,
  text: string,
): unknown {
  if (path === ERROR) throw refusal(source, text);
  const after = (old: unknown) => (how === 'after' ? `${String(old)} ${text}` : text);
  return changed(answer, path, after);
}

/** The answer itself stays as it is: others may read it. */
function changed(value: unknown, [step, ...rest]: Path, change: (old: unknown) => string): unknown {
  if (step === undefined) return change(value);
  if (step === INSIDE) return JSON.stringify(changed(asObject(String(value)), rest, change));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return value;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const inside = changed((value as Record<string | number, unknown>)[step], rest, change);
  return Object.assign(copy, { [step]: inside });
}

function asObject(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    // A text that only begins like JSON.
    return undefined;
  }
}

function refusal(operation: string, text: string): Error {
  const found = Object.entries(OPERATIONS).find(([, operations]) => Object.hasOwn(operations, operation));
  const service = (found?.[0] ?? 'ec2') as Service;
  const error = Object.assign(sdkError('AccessDeniedException', 403), { message: text });
  return mapAwsError(error, { service, operation, access: 'read', region: 'eu-west-1' });
}
