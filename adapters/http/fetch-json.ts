const ANSWER_WITHIN_MS = 5_000;
const MOST_BYTES = 256 * 1024;

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
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`${url} answered with more than 256 KB`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
