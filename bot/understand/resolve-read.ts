import { namesChange, ordersChange } from './change-verbs.ts';
import { isHistory } from './history.ts';
import { menu } from './nearest.ts';
import type { Reading } from './reading.ts';
import { ENOUGH, PHRASE_ENOUGH, type Scene, settle, stopOf, TIE } from './scene.ts';
import type { Candidate } from './score.ts';
import { asSuggestion, readsFor, unsure } from './suggestions.ts';
import type { Understanding } from './understanding.ts';
import { weightOf } from './vocabulary.ts';

/** Before a question is asked, the tool must be clearer. */
const ASK_TIE = 0.06;

/** The read that fits best, made or asked about; undefined when none fits. `candidates` are best first. */
export function resolveRead(
  scene: Scene,
  reading: Reading,
  candidates: readonly Candidate[],
): Understanding | undefined {
  const { vocabulary, message, how } = scene;
  const [best, second] = candidates;
  if (best === undefined || best.score < ENOUGH) return asksAboutChange(scene, reading, candidates);
  const mixed = orderInside(scene, reading, candidates);
  if (mixed) return mixed;
  if (how === 'strict' && passesOver(best)) return undefined;
  if (best.complete && best.drops) return menu(vocabulary, 'ambiguous', message, unsure(best, candidates));
  const tie = second !== undefined && isTie(best, second);
  return tie ? menu(vocabulary, 'ambiguous', message, [best, second].flatMap(asSuggestion)) : settle(scene, best);
}

/** A word with a sense of its own that is neither in the call nor one of the command's. */
function passesOver({ leftover, known }: Candidate): boolean {
  const own = known.commands.flat();
  return leftover.some((word) => weightOf(word.toLowerCase()) === 1 && !own.includes(word.toLowerCase()));
}

function isTie(best: Candidate, second: Candidate): boolean {
  const near = best.score - second.score < (best.complete ? TIE : ASK_TIE);
  return near && second.complete === best.complete && second.score >= ENOUGH;
}

/** 'check and reboot …': a read fits, and a change is ordered too. */
function orderInside(scene: Scene, reading: Reading, candidates: readonly Candidate[]): Understanding | undefined {
  const { vocabulary, message } = scene;
  if (!ordersChange(vocabulary, reading)) return undefined;
  const stop = isHistory(reading) ? undefined : stopOf(scene, reading);
  if (stop?.why === 'negation' || stop?.why === 'hypothetical') {
    return menu(vocabulary, stop.why, message, readsFor(candidates));
  }
  const change = candidates.find(({ known, said }) => known.tool.effect === 'write' && said > 0.999);
  const both = [candidates[0], change].flatMap((one) => (one ? asSuggestion(one) : []));
  return change && menu(vocabulary, 'ambiguous', message, both);
}

/** No read fits: 'should I reboot …', 'stop rebooting …' are told apart from plain unknown; an id alone gets its reads offered. */
export function asksAboutChange(scene: Scene, reading: Reading, candidates: readonly Candidate[]) {
  const { vocabulary, message } = scene;
  const reads = readsFor(candidates);
  const changes =
    namesChange(vocabulary, reading) ||
    candidates.some(({ known, said }) => known.tool.effect !== 'read' && said >= PHRASE_ENOUGH);
  const stop = changes ? stopOf(scene, reading) : undefined;
  if (stop?.why === 'negation' || stop?.why === 'hypothetical') return menu(vocabulary, stop.why, message, reads);
  return reads.length > 0 ? menu(vocabulary, 'unknown', message, reads) : undefined;
}
