import type { IncomingMessage } from 'node:http';
import { readRawBody } from './raw-body.ts';
import { type Problem, problem, type Reply } from './reply.ts';

const maxBytes = 256 * 1024;
/** Read and thrown away past the cap, so that an honest client hears why; past this the connection is closed. */
const maxDrainedBytes = 4 * 1024 * 1024;
const usualDepth = 8;

export type JsonBody = { value: unknown } | { refused: Reply };

/** Reads one JSON body: `application/json`, at most 256 KB, strict UTF-8, at most `maxDepth` levels, no key twice. */
export async function readJsonBody(request: IncomingMessage, maxDepth = usualDepth): Promise<JsonBody> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    return refuse(415, 'The request body must be JSON.', 'Send the header content-type: application/json.');
  }
  const bytes = await readRawBody(request, maxBytes, maxDrainedBytes).catch(() => 'cut off' as const);
  if (bytes === 'cut off') {
    return refuse(400, 'The request body did not arrive in whole.', 'Send it again.', { connection: 'close' });
  }
  if (bytes === undefined) {
    return refuse(413, 'The request body is larger than 256 KB.', 'Say it in fewer words, or in several messages.', {
      connection: 'close',
    });
  }
  const text = decode(bytes);
  const value = text === undefined ? undefined : parse(text);
  if (text === undefined || value === undefined) {
    return refuse(400, 'The request body is not valid JSON.', 'Send one JSON object in UTF-8.');
  }
  const flaw = structuralFlaw(text, maxDepth);
  if (flaw) return refuse(400, flaw, 'Send a flat JSON object with every key once.');
  return { value };
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;

/** `text` is known to be JSON; says what two readers of it could understand differently, or what is nested too deep. */
export function structuralFlaw(text: string, maxDepth: number): string | undefined {
  const open: Set<string>[] = [];
  for (const [found, colon] of text.matchAll(token)) {
    if (found === '{' || found === '[') {
      open.push(new Set());
      if (open.length > maxDepth) return `The JSON is nested more than ${maxDepth} levels deep.`;
    } else if (found === '}' || found === ']') {
      open.pop();
    } else if (colon !== undefined) {
      const key: string = JSON.parse(found.slice(0, -colon.length));
      const keys = open.at(-1);
      if (keys?.has(key)) return `The JSON has the key ${JSON.stringify(key.slice(0, 40))} twice.`;
      keys?.add(key);
    }
  }
  return undefined;
}

function refuse(status: number, message: string, hint: string, headers?: Record<string, string>): JsonBody {
  const body: Problem = { code: 'input_invalid', message, hint };
  return { refused: problem(status, body, headers) };
}
