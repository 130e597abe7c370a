import type { Files } from './source.ts';

/** One habit the house keeps by machine. `check` names every place that breaks it: 'path:line what stands there'. */
export interface Rule {
  /** Present tense, as a test title. */
  title: string;
  why: string;
  fix: string;
  check(files: Files): string[];
}

/** What a failing rule says: what, why and how to put it right. */
export function report({ title, why, fix }: Rule, findings: readonly string[]): string {
  return [`the house ${title}, but:`, ...findings.map((one) => `  ${one}`), `why: ${why}`, `fix: ${fix}`].join('\n');
}
