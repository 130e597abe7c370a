import type { JsonObject } from '../../lib/json.ts';
import { finish } from './finish.ts';
import { formatCommand } from './format-command.ts';
import { doubtInReason, isRefusal, type Stop, stopFor } from './guards.ts';
import type { Lead } from './lead-in.ts';
import { menu } from './nearest.ts';
import { ask } from './question.ts';
import { type FreeText, plainWord, type Reading, readSentence } from './reading.ts';
import { type Candidate, scoreTools } from './score.ts';
import type { Suggestion, Understanding } from './understanding.ts';
import type { Vocabulary } from './vocabulary.ts';
import { CONNECTORS } from './words.ts';

const ENOUGH = 0.62;
const PHRASE_ENOUGH = 0.55;
const TIE = 0.03;
/** A request is short. Nothing is done on part of a long text. */
const MOST_WORDS = 80;

/** What the sentence asks for by the catalog's phrases; undefined when it is none of them. */
export function matchPhrases(vocabulary: Vocabulary, { rest, polite }: Lead, now: number): Understanding | undefined {
  const scene = { vocabulary, message: rest, polite, now };
  for (const tail of tailsOf(rest, vocabulary)) {
    const reading = readSentence(rest, vocabulary.lexicon, tail);
    const [best] = scoreTools(vocabulary, reading);
    if (best && best.said === 1 && takesText(best) && best.leftover.length === 0) return resolve(scene, reading);
  }
  return resolve(scene, readSentence(rest, vocabulary.lexicon));
}

interface Scene {
  vocabulary: Vocabulary;
  message: string;
  polite: boolean;
  now: number;
}

function takesText({ known, filled }: Candidate): boolean {
  return known.fields.some(({ key, kind }) => kind === 'text' && filled.input[key] !== undefined);
}

/** Where a sentence may stop and its text begin: behind a colon, else behind 'that', 'about', 'saying'. */
function tailsOf(message: string, { lexicon }: Vocabulary): FreeText[] {
  const { tokens } = readSentence(message, lexicon);
  const colon = tokens.findIndex(({ tail, quoted }) => !quoted && tail.includes(':'));
  const connectors = tokens.flatMap((token, at) => (!token.quoted && CONNECTORS.has(token.lower) ? [at] : []));
  return [colon, ...connectors.slice(0, 3)].flatMap((at) => {
    const [opening, first] = [tokens[at], tokens[at + 1]];
    if (at < 0 || opening === undefined || first === undefined || first.quoted) return [];
    const text = message.slice(first.start).trim();
    return [
      {
        role: 'tail' as const,
        text,
        start: opening.lower === text || at === colon ? first.start : opening.start,
        end: message.length,
      },
    ];
  });
}

function resolve(scene: Scene, reading: Reading): Understanding | undefined {
  const { vocabulary, message } = scene;
  if (reading.words.length > MOST_WORDS) return undefined;
  const ranked = scoreTools(vocabulary, withHistory(reading));
  const candidates = isHistory(reading) ? ranked.filter(({ known }) => known.tool.effect === 'read') : ranked;
  const [best] = candidates;
  if (best === undefined) return undefined;
  if (best.known.tool.effect !== 'read') return resolveChange(scene, reading, candidates);
  if (isRefusal(message)) return best.said > 0 ? menu(vocabulary, 'negation', message) : undefined;
  return resolveRead(scene, reading, candidates);
}

function resolveRead(scene: Scene, reading: Reading, candidates: readonly Candidate[]): Understanding | undefined {
  const { vocabulary, message, now } = scene;
  const [best, second] = candidates;
  if (best === undefined || best.score < ENOUGH || best.said < PHRASE_ENOUGH)
    return asksAboutChange(scene, reading, candidates);
  const change = candidates.find(({ known, said }) => known.tool.effect === 'write' && said === 1);
  if (change && asksForChange(change, reading))
    return menu(vocabulary, 'ambiguous', message, [best, change].flatMap(asSuggestion));
  const tie = second && best.score - second.score < TIE && second.complete === best.complete;
  if (tie && second.score >= ENOUGH)
    return menu(vocabulary, 'ambiguous', message, [best, second].flatMap(asSuggestion));
  return settle(scene, best, now);
}

/** No read fits well: 'should I reboot …', 'don't reboot …' are told apart from plain unknown. */
function asksAboutChange({ vocabulary, message, polite }: Scene, reading: Reading, candidates: readonly Candidate[]) {
  const change = candidates.find(({ known, said }) => known.tool.effect !== 'read' && said >= PHRASE_ENOUGH);
  const stop = change && stopFor(message, reading.free, polite);
  if (stop?.why === 'negation' || stop?.why === 'hypothetical')
    return menu(vocabulary, stop.why, message, readsFor(candidates));
  return undefined;
}

function resolveChange(scene: Scene, reading: Reading, candidates: readonly Candidate[]): Understanding | undefined {
  const { vocabulary, message, polite, now } = scene;
  const [best] = candidates;
  if (best === undefined || best.said < PHRASE_ENOUGH || best.score < 0.4) return undefined;
  const stop = stopFor(message, reading.free, polite);
  if (stop) return stopped(scene, best, stop, readsFor(candidates));
  const reason = reading.free.find(({ role }) => role === 'reason');
  if (reason && doubtInReason(reason.text, Object.values(best.filled.input)))
    return unsureReason(scene, best, reason.text);
  const rival = candidates.find(
    (other) =>
      other !== best && other.known.tool.effect !== 'read' && best.score - other.score < TIE && other.said === 1,
  );
  if (rival) return menu(vocabulary, 'ambiguous', message, [best, rival].flatMap(asSuggestion));
  const settled = settle(scene, best, now);
  if (settled.kind === 'ask') return settled;
  if (best.said < 1 || best.leftover.length > 0)
    return menu(vocabulary, 'ambiguous', message, unsure(best, candidates));
  return settled;
}

function settle({ vocabulary, message }: Scene, { known, filled }: Candidate, now: number) {
  const { input, unclear } = filled;
  if (unclear === undefined) return finish(vocabulary, known, { by: 'phrases', input, message }, now);
  const { field, options, because } = unclear;
  return ask(vocabulary, known, { by: 'phrases', known: input, missing: field, because, options });
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

/** The call as a command to paste, naming what was not understood. */
function unsure(best: Candidate, candidates: readonly Candidate[]): Suggestion[] {
  const left = best.leftover.slice(0, 6).join(', ').slice(0, 120);
  const [first] = asSuggestion(best);
  const others = candidates.filter((other) => other !== best && other.complete && other.said >= PHRASE_ENOUGH);
  const summary = left === '' ? `${best.known.tool.title}?` : `${best.known.tool.title}? I did not understand: ${left}`;
  return [...(first ? [{ ...first, summary }] : []), ...others.slice(0, 2).flatMap(asSuggestion)];
}

function asSuggestion({ known, filled, complete }: Candidate): Suggestion[] {
  if (!complete) return known.tool.examples.slice(0, 1).map((text) => ({ text, summary: known.tool.title }));
  return [{ text: formatCommand(known.tool, filled.input), summary: known.tool.title }];
}

function readsFor(candidates: readonly Candidate[]): Suggestion[] {
  const reads = candidates.filter(
    ({ known, complete, filled }) => known.tool.effect === 'read' && complete && Object.keys(filled.input).length > 0,
  );
  return reads.slice(0, 2).flatMap(asSuggestion);
}

const PAST = new Set([
  'who',
  'whodunit',
  'someone',
  'anyone',
  'anybody',
  'somebody',
  'did',
  'was',
  'were',
  'has',
  'have',
  'had',
]);

/** 'who rebooted …', 'did someone scale …', 'was … restarted': asks about the past, so nothing is to be changed. */
function isHistory({ words }: Reading): boolean {
  return words.some((word) => PAST.has(plainWord(word)));
}

/** A question about a past change means the event search, whatever word it uses for 'who'. */
function withHistory(reading: Reading): Reading {
  const [asked] = reading.words.filter((word) => PAST.has(plainWord(word)));
  const changed = [...reading.meanings.values()].some((meaning) =>
    meaning?.concepts.some((one) => one === 'reboot' || one === 'scale'),
  );
  if (asked === undefined || !changed || reading.meanings.get(asked)?.concepts.includes('who')) return reading;
  return { ...reading, meanings: new Map([...reading.meanings, [asked, { concepts: ['who'], inflection: 'base' }]]) };
}

/** A change's own verb, as an order, in a sentence that otherwise reads: 'check and reboot …'. */
function asksForChange({ known }: Candidate, { words, meanings }: Reading): boolean {
  return words.some((word) => {
    const meaning = meanings.get(word);
    return (
      meaning?.inflection === 'base' &&
      meaning.concepts.some((concept) => known.concepts.has(concept) && VERBS.has(concept))
    );
  });
}

const VERBS = new Set(['reboot', 'scale']);
