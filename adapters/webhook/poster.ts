import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { assertMayDial, checkedLookup, type MayDial } from '../http/dial.ts';

const ANSWER_WITHIN_MS = 5_000;

/**
 * Posts JSON and gives the status of the answer, whose body nobody reads: it can be as long as it likes. No redirects, no kept
 * connections, no proxy, 5 s; only to addresses that may be dialled.
 *
 * @throws ForbiddenAddress, or what the network throws
 */
export function createPoster(mayDial: MayDial, resolve?: LookupFunction) {
  const lookup = checkedLookup(mayDial, resolve);
  return async (address: string, body: string): Promise<number> => {
    const url = new URL(address);
    assertMayDial(url, mayDial);
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return new Promise((resolved, reject) => {
      const sent = request(url, { method: 'POST', headers, agent: false, lookup, signal }, (answer) => {
        resolved(answer.statusCode ?? 0);
        answer.destroy();
      });
      sent.on('error', reject);
      sent.end(body);
    });
  };
}
