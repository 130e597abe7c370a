import type { JsonObject } from '../../lib/json.ts';
import { ordersChange } from './change-verbs.ts';
import { doubtInReason, type Stop } from './guards.ts';
import { menu } from './nearest.ts';
import { ask } from './question.ts';
import type { Reading } from './reading.ts';
import { asksAboutChange } from './resolve-read.ts';
import { ENOUGH, type Scene, settle, stopOf, TIE } from './scene.ts';
import type { Candidate } from './score.ts';
import { asSuggestion, readsFor, unsure } from './suggestions.ts';
import type { Suggestion, Understanding } from './understanding.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A change is called only when a phrase was said whole, nothing is left over and nothing speaks against it. */
export function resolveChange(
  scene: Scene,
  reading: Reading,
  candidates: readonly Candidate[],
): Understanding | undefined {
  const { vocabulary, message } = scene;
  const [best] = candidates;
  if (best === undefined || best.score < 0.4) return asksAboutChange(scene, reading, candidates);
  const stop = stopOf(scene, reading);
  const read = candidates.find((one) => isPlainRead(vocabulary, reading, one));
  if (read && (stop ? stop.why !== 'hidden' : !best.full)) return settle(scene, read);
  if (stop) return stopped(scene, best, stop, readsFor(candidates));
  const reason = reading.free.find(({ role }) => role === 'reason');
  if (reason && doubtInReason(reason.text, Object.values(best.filled.input)))
    return unsureReason(scene, best, reason.text);
  const rival = candidates.find(
    (other) =>
      other !== best && other.known.tool.effect !== 'read' && best.score - other.score < TIE && other.said > 0.999,
  );
  if (rival) return menu(vocabulary, 'ambiguous', message, [best, rival].flatMap(asSuggestion));
  const settled = settle(scene, best);
  if (settled.kind === 'ask') return settled;
  if (!best.full || best.leftover.length > 0) return menu(vocabulary, 'ambiguous', message, unsure(best, candidates));
  return settled;
}

function stopped(
  { vocabulary, message }: Scene,
  best: Candidate,
  stop: Stop,
  reads: readonly Suggestion[],
): Understanding {
  const { known, filled } = best;
  if (stop.why === 'negation' || stop.why === 'hypothetical') return menu(vocabulary, stop.why, message, reads);
  if (stop.why === 'hidden') return menu(vocabulary, 'ambiguous', message, reads);
  if (stop.why === 'many') return manyTargets(vocabulary, best, stop.words);
  const because = `I cannot do this later (“${stop.words}”); I ask for approval at once. To do it now, send the command below.`;
  const question = ask(vocabulary, known, { by: 'phrases', known: filled.input, missing: 'when', because });
  return { ...question, question: because, choices: [...asSuggestion(best), ...question.choices].slice(0, 4) };
}

function manyTargets(vocabulary: Vocabulary, { known, filled }: Candidate, words: string): Understanding {
  const target = known.fields.find(({ required }) => required)?.key ?? '';
  const because = `“${words}” is more than one. I change one thing at a time, by its own id.`;
  const rest: JsonObject = Object.fromEntries(Object.entries(filled.input).filter(([key]) => key !== target));
  return ask(vocabulary, known, { by: 'phrases', known: rest, missing: target, because });
}

function unsureReason({ vocabulary }: Scene, { known, filled }: Candidate, reason: string): Understanding {
  const because = `I am not sure whether “${reason.slice(0, 80)}” is only the reason. If it is, put it in quotation marks: reason="…".`;
  const { reason: _, ...input } = filled.input;
  const question = ask(vocabulary, known, { by: 'phrases', known: input, missing: 'reason', options: [reason] });
  return { ...question, question: because };
}

/** 'how many tasks does … run' reads, though a change has the same words. */
function isPlainRead(vocabulary: Vocabulary, reading: Reading, { known, full, complete, score }: Candidate): boolean {
  return known.tool.effect === 'read' && full && complete && score >= ENOUGH && !ordersChange(vocabulary, reading);
}
