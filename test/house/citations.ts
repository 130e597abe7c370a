import type { Files } from './source.ts';

const TITLE = /\b(?:it|\w*It)(?:\.(?!skip)\w+)?\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/g;
const IDS = /\[([A-Z]\d+(?:,\s*[A-Z]\d+)*)\]\s*$/;

/** Requirement id → the test files whose titles end with it. */
export function citations(files: Files): ReadonlyMap<string, string[]> {
  const cited = new Map<string, string[]>();
  for (const [path, source] of files) {
    if (!/^test\/.*\.ts$/.test(path) || path.startsWith('test/house/')) continue;
    for (const [, , title = ''] of source.matchAll(TITLE)) {
      for (const id of IDS.exec(title)?.[1]?.split(/,\s*/) ?? []) {
        cited.set(id, [...new Set([...(cited.get(id) ?? []), path])]);
      }
    }
  }
  return cited;
}
