const ANSWER_WITHIN_MS = 5_000;
const MOST_BYTES = 256 * 1024;

const HTTPS_OR_LOOPBACK = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/)/;

/** Where an identity provider may send us: nothing that anybody on the way could read or change, and no file. */
export const isHttpsOrLoopback = (url: unknown): boolean => typeof url === 'string' && HTTPS_OR_LOOPBACK.test(url);

/**
 * A small JSON document of another server: at most 256 KB, within 5 s, and from where it was asked for.
 *
 * @throws Error for anything else, with words for a log
 */
export async function fetchJson(url: string): Promise<unknown> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const answer = await fetch(url, { redirect: 'error', headers: { accept: 'application/json' }, signal });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`${url} answered ${answer.status}`);
  }
  return JSON.parse((await smallBody(url, answer)).toString('utf8'));
}

/**
 * As `fetch`, for libraries that ask by themselves; of an answer nothing is seen before all of it is here.
 *
 * @throws Error when it is more than 256 KB
 */
export async function fetchSmall(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  const body = await smallBody(url, answer);
  const { status, statusText, headers } = answer;
  return new Response(body.length > 0 ? new Uint8Array(body) : null, { status, statusText, headers });
}

async function smallBody(url: string, answer: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`${url} answered with more than 256 KB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
