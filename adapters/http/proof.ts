import type { IncomingMessage } from 'node:http';

/** What a request shows of who sends it; nothing of it is believed yet. */
export type Proof =
  | { kind: 'bearer' | 'api-key'; text: string }
  | { kind: 'none' }
  | { kind: 'unclear'; because: string };

const BEARER = /^bearer ([^\s,]+)$/i;

/** Exactly one proof: of two, programs on the way and we might each believe another one. */
export function proofOf({ headersDistinct }: IncomingMessage): Proof {
  const { authorization = [], 'x-api-key': keys = [] } = headersDistinct;
  const [token] = authorization;
  const [key] = keys;
  if (authorization.length + keys.length > 1)
    return { kind: 'unclear', because: 'The request shows more than one proof of who sends it.' };
  if (key !== undefined) return { kind: 'api-key', text: key };
  if (token === undefined) return { kind: 'none' };
  const text = BEARER.exec(token)?.[1];
  if (text === undefined)
    return { kind: 'unclear', because: 'The header Authorization is not the word Bearer, a blank and a token.' };
  return { kind: 'bearer', text };
}
