import type { JsonObject } from '../../lib/json.ts';
import { finish } from './finish.ts';
import { formatCommand } from './format-command.ts';
import { doubtInReason, isRefusal, type Stop, stopFor } from './guards.ts';
import type { Lead } from './lead-in.ts';
import { menu } from './nearest.ts';
import { ask } from './question.ts';
import { type FreeText, plainWord, type Reading, readSentence } from './reading.ts';
import { type Candidate, scoreTools } from './score.ts';
import type { Span } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';
import type { Suggestion, Understanding } from './understanding.ts';
import { type Vocabulary, weightOf } from './vocabulary.ts';
import { CONNECTORS } from './words.ts';

const ENOUGH = 0.62;
const PHRASE_ENOUGH = 0.55;
const TIE = 0.03;
/** Before a question is asked, the tool must be clearer. */
const ASK_TIE = 0.06;
/** A request is short. Nothing is done on part of a long text; only a record's or message's own text may be longer. */
const MOST_WORDS = 80;

/**
 * What the sentence asks for by the catalog's phrases; undefined when it is none of them.
 * `how` 'strict': it began as a command, so even a read passes over no word.
 */
export function matchPhrases(
  vocabulary: Vocabulary,
  { rest, polite }: Lead,
  now: number,
  how: 'free' | 'strict' = 'free',
): Understanding | undefined {
  const scene = { vocabulary, message: rest, polite, now, how };
  const tokens = tokenize(rest);
  for (const tail of tailsOf(rest, tokens.slice(0, MOST_WORDS))) {
    const reading = readSentence(rest, vocabulary.lexicon, tail);
    const [best] = scoreTools(vocabulary, reading);
    if (best?.full && takesText(best) && best.leftover.length === 0) return resolve(scene, reading);
  }
  return tokens.length > MOST_WORDS ? undefined : resolve(scene, readSentence(rest, vocabulary.lexicon));
}

interface Scene {
  vocabulary: Vocabulary;
  message: string;
  polite: boolean;
  now: number;
  how: 'free' | 'strict';
}

function takesText({ known, filled }: Candidate): boolean {
  return known.fields.some(({ key, kind }) => kind === 'text' && filled.input[key] !== undefined);
}

/** Where a sentence may stop and its text begin: behind a colon, else behind 'that', 'about', 'saying'. */
function tailsOf(message: string, tokens: readonly Token[]): FreeText[] {
  const colon = tokens.findIndex(({ tail, quoted }) => !quoted && tail.includes(':'));
  const connectors = tokens.flatMap((token, at) => (!token.quoted && CONNECTORS.has(token.lower) ? [at] : []));
  return [colon, ...connectors.slice(0, 3)].flatMap((at) => {
    const [opening, first] = [tokens[at], tokens[at + 1]];
    if (at < 0 || opening === undefined || first === undefined || first.quoted) return [];
    const text = message.slice(first.start).trim();
    const start = at === colon ? first.start : opening.start;
    return [{ role: 'tail' as const, text, start, end: message.length }];
  });
}

function resolve(scene: Scene, reading: Reading): Understanding | undefined {
  const { vocabulary, message } = scene;
  if (reading.tokens.some(({ key }) => key !== undefined)) return undefined;
  const ranked = scoreTools(vocabulary, withHistory(vocabulary, reading));
  const possible = isHistory(reading) ? ranked.filter(({ known }) => known.tool.effect === 'read') : ranked;
  const candidates = [...possible.filter(isLikely), ...possible.filter((one) => !isLikely(one))];
  const [best] = candidates;
  if (best === undefined || !isLikely(best)) return asksAboutChange(scene, reading, ranked);
  if (best.known.tool.effect !== 'read') return resolveChange(scene, reading, candidates);
  if (isRefusal(message)) return best.said > 0 ? menu(vocabulary, 'negation', message) : undefined;
  return resolveRead(scene, reading, candidates);
}

/** A change is likely by its phrase alone: what else was said is weighed later, and asked about. */
function isLikely({ known, said, explained }: Candidate): boolean {
  return said >= PHRASE_ENOUGH && (explained >= 0.5 || known.tool.effect !== 'read');
}

function resolveRead(scene: Scene, reading: Reading, candidates: readonly Candidate[]): Understanding | undefined {
  const { vocabulary, message, now } = scene;
  const [best, second] = candidates;
  if (best === undefined || best.score < ENOUGH) return asksAboutChange(scene, reading, candidates);
  if (ordersChange(vocabulary, reading) && !isHistory(reading)) {
    const stop = stopFor(message, carried(reading), scene.polite);
    if (stop?.why === 'negation' || stop?.why === 'hypothetical')
      return menu(vocabulary, stop.why, message, readsFor(candidates));
  }
  const change = candidates.find(({ known, said }) => known.tool.effect === 'write' && said > 0.999);
  if (change && ordersChange(vocabulary, reading))
    return menu(vocabulary, 'ambiguous', message, [best, change].flatMap(asSuggestion));
  if (scene.how === 'strict' && best.leftover.some((word) => weightOf(word.toLowerCase()) === 1)) return undefined;
  if (best.complete && best.drops) return menu(vocabulary, 'ambiguous', message, unsure(best, candidates));
  const tie =
    second && best.score - second.score < (best.complete ? TIE : ASK_TIE) && second.complete === best.complete;
  if (tie && second.score >= ENOUGH)
    return menu(vocabulary, 'ambiguous', message, [best, second].flatMap(asSuggestion));
  return settle(scene, best, now);
}

/** No read fits: 'should I reboot …', 'stop rebooting …' are told apart from plain unknown; an id alone gets its reads offered. */
function asksAboutChange({ vocabulary, message, polite }: Scene, reading: Reading, candidates: readonly Candidate[]) {
  const reads = readsFor(candidates);
  const changes =
    namesChange(vocabulary, reading) ||
    candidates.some(({ known, said }) => known.tool.effect !== 'read' && said >= PHRASE_ENOUGH);
  const stop = changes ? stopFor(message, carried(reading), polite) : undefined;
  if (stop?.why === 'negation' || stop?.why === 'hypothetical') return menu(vocabulary, stop.why, message, reads);
  return reads.length > 0 ? menu(vocabulary, 'unknown', message, reads) : undefined;
}

/** Parts whose letters say nothing about whether the sentence is meant: texts, ids, links. Times and numbers do say something. */
function carried({ free, entities }: Reading): Span[] {
  return [...free, ...entities.filter(({ kind }) => kind !== 'time_window' && kind !== 'count' && kind !== 'severity')];
}

function resolveChange(scene: Scene, reading: Reading, candidates: readonly Candidate[]): Understanding | undefined {
  const { vocabulary, message, polite, now } = scene;
  const [best] = candidates;
  if (best === undefined || best.score < 0.4) return asksAboutChange(scene, reading, candidates);
  const stop = stopFor(message, carried(reading), polite);
  const read = candidates.find((one) => isPlainRead(vocabulary, reading, one));
  if (read && (stop ? stop.why !== 'hidden' : !best.full)) return settle(scene, read, now);
  if (stop) return stopped(scene, best, stop, readsFor(candidates));
  const reason = reading.free.find(({ role }) => role === 'reason');
  if (reason && doubtInReason(reason.text, Object.values(best.filled.input)))
    return unsureReason(scene, best, reason.text);
  const rival = candidates.find(
    (other) =>
      other !== best && other.known.tool.effect !== 'read' && best.score - other.score < TIE && other.said > 0.999,
  );
  if (rival) return menu(vocabulary, 'ambiguous', message, [best, rival].flatMap(asSuggestion));
  const settled = settle(scene, best, now);
  if (settled.kind === 'ask') return settled;
  if (!best.full || best.leftover.length > 0) return menu(vocabulary, 'ambiguous', message, unsure(best, candidates));
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

const CONDITION = new Set(['if', 'unless', 'why', 'should', 'would', 'until', 'before', 'once']);

/** 'who rebooted …', 'did someone scale …', 'was … restarted': asks about the past, so nothing is to be changed. */
function isHistory({ words }: Reading): boolean {
  const said = words.map(plainWord);
  return said.some((word) => PAST.has(word)) && !said.some((word) => CONDITION.has(word));
}

/** A question about a past change means the event search, whatever word it uses for 'who'. */
function withHistory(vocabulary: Vocabulary, reading: Reading): Reading {
  const asked = isHistory(reading) ? reading.words.find((word) => PAST.has(plainWord(word))) : undefined;
  const changed = namesChange(vocabulary, reading);
  if (asked === undefined || !changed || reading.meanings.get(asked)?.concepts.includes('who')) return reading;
  return { ...reading, meanings: new Map([...reading.meanings, [asked, { concepts: ['who'], inflection: 'base' }]]) };
}

/** 'how many tasks does … run' reads, though a change has the same words. */
function isPlainRead(vocabulary: Vocabulary, reading: Reading, { known, full, complete, score }: Candidate): boolean {
  return known.tool.effect === 'read' && full && complete && score >= ENOUGH && !ordersChange(vocabulary, reading);
}

/** A change's own verb in any form: 'stop rebooting …'. */
function namesChange({ changeVerbs }: Vocabulary, { meanings }: Reading): boolean {
  return [...meanings.values()].some((meaning) => meaning?.concepts.some((one) => changeVerbs.has(one)));
}

/** A change's own verb, as an order, in a sentence that otherwise reads: 'check and reboot …'. */
function ordersChange({ changeVerbs }: Vocabulary, { meanings }: Reading): boolean {
  return [...meanings.values()].some(
    (meaning) => meaning?.inflection === 'base' && meaning.concepts.some((one) => changeVerbs.has(one)),
  );
}
