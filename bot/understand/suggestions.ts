import { formatCommand } from './format-command.ts';
import { example } from './nearest.ts';
import { PHRASE_ENOUGH } from './scene.ts';
import type { Candidate } from './score.ts';
import type { Suggestion } from './understanding.ts';

/** The call as a command to paste, naming what was not understood. */
export function unsure(best: Candidate, candidates: readonly Candidate[]): Suggestion[] {
  const left = best.leftover.slice(0, 6).join(', ').slice(0, 120);
  const [first] = asSuggestion(best);
  const others = candidates.filter((other) => other !== best && other.complete && other.said >= PHRASE_ENOUGH);
  const summary = left === '' ? `${best.known.tool.title}?` : `${best.known.tool.title}? I did not understand: ${left}`;
  return [...(first ? [{ ...first, summary }] : []), ...others.slice(0, 2).flatMap(asSuggestion)];
}

export function asSuggestion({ known, filled, complete }: Candidate): Suggestion[] {
  if (!complete) return [{ ...example(known), summary: known.tool.title }];
  return [{ text: formatCommand(known.tool, filled.input), summary: known.tool.title }];
}

export function readsFor(candidates: readonly Candidate[]): Suggestion[] {
  const reads = candidates.filter(
    ({ known, complete, filled }) => known.tool.effect === 'read' && complete && Object.keys(filled.input).length > 0,
  );
  return reads.slice(0, 2).flatMap(asSuggestion);
}
