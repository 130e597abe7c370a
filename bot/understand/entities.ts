import { findTimeWindow } from '../../tools/time-window.ts';
import { readNumbers } from './numbers-in-text.ts';
import { severityOf } from './severities.ts';
import { blankOut, overlaps, type Span } from './spans.ts';
import type { Token } from './tokens.ts';

export type EntityKind =
  | 'instance_id'
  | 'alb_arn'
  | 'target_group_arn'
  | 'arn'
  | 'pair'
  | 'count'
  | 'time_window'
  | 'severity'
  | 'channel'
  | 'link'
  | 'region'
  | 'incident_id'
  | 'namespace'
  | 'camel';

/** Something in a sentence that can be recognised by its shape. `value` is as written, for targets always. */
export interface Entity extends Span {
  kind: EntityKind;
  value: string | number;
  /** 'by two', 'double', 'a couple': a number is meant and not said. */
  vague?: true;
}

const SHAPES: readonly [EntityKind, RegExp][] = [
  ['instance_id', /^i-[0-9a-f]/i],
  ['instance_id', /^i-\S*\d/i],
  ['alb_arn', /^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:loadbalancer\//i],
  ['target_group_arn', /^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:targetgroup\//i],
  ['arn', /^arn:/i],
  ['incident_id', /^inc-\d/i],
  ['channel', /^#[\p{L}\d_-]+$/u],
  ['link', /^https?:\/\/\S/i],
  ['region', /^[a-z]{2}(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central)[a-z]{0,10}-\d$/],
  ['namespace', /^(?:AWS|ECS)\/[A-Z][A-Za-z0-9]*$|^CWAgent$/],
  ['pair', /^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9][A-Za-z0-9_-]*$/],
  ['camel', /^[A-Z](?=\w*[a-z])(?=\w*[A-Z])\w{3,100}$/],
];
const NOT_A_NAME = /^(?:opsagent|cloudtrail|cloudwatch|github|javascript)$/i;
const NOT_A_PAIR =
  /^(?:(?:cpu|mem|memory|ram|network|net)\/\w+|and\/or|either\/or|\d+\/\d+|yes\/no|n\/a|read\/write|up\/down|on\/off)$/i;
const LONG_UNIT = /^(?:years?|yrs?|y|months?|decades?|fortnights?|quarters?|centur(?:y|ies)|ages|eternity)$/;

/** The kind a single word has by its shape alone; undefined for a plain word. */
export function shapeOf(word: string): EntityKind | undefined {
  const kind = SHAPES.find(([, shape]) => shape.test(word))?.[0];
  const excluded = (kind === 'pair' && NOT_A_PAIR.test(word)) || (kind === 'camel' && NOT_A_NAME.test(word));
  return excluded ? undefined : kind;
}

/** Everything recognisable in the message outside `free`, by place, without overlaps. `tokens` are the message's own. */
export function findEntities(message: string, tokens: readonly Token[], free: readonly Span[]): Entity[] {
  const usable = tokens.filter((token) => !free.some((span) => overlaps(span, token)) || isWholeIdentifier(token));
  const shaped = usable.flatMap(shapedEntities);
  const words = usable.filter((token) => !shaped.some((entity) => overlaps(entity, token)));
  const windows = [...findWindows(message, [...free, ...shaped]), ...longWindows(words)];
  const rest = words.filter((token) => !windows.some((window) => overlaps(window, token)));
  const severities = findSeverities(rest);
  const numbers = readNumbers(rest.filter((token) => !severities.some((entity) => overlaps(entity, token))));
  return [...shaped, ...windows, ...severities, ...numbers].sort((a, b) => a.start - b.start);
}

/** reboot `i-0abc`: quoted, and nothing but an identifier. */
export function isWholeIdentifier(token: Token): boolean {
  const kind = token.quoted && !token.unclosed && !/\s/.test(token.text) ? shapeOf(token.text) : undefined;
  return kind !== undefined && kind !== 'camel' && kind !== 'pair';
}

function shapedEntities(token: Token): Entity[] {
  const text = identifierOf(token.text);
  const parts = text.split(',');
  const kinds = parts.map(shapeOf);
  const lists = parts.length > 1 && parts.length < 20 && kinds.every((kind) => kind !== undefined);
  const kind = shapeOf(text);
  if (lists) return parts.flatMap((part, at) => entityOf(kinds[at], part, token));
  return entityOf(kind, text, token);
}

function entityOf(kind: EntityKind | undefined, value: string, { start, end }: Token): Entity[] {
  return kind === undefined ? [] : [{ kind, value, start, end }];
}

/** 'i-0abc’s' → 'i-0abc', '<https://…|…>' → 'https://…'. */
function identifierOf(text: string): string {
  const link = /^<(https?:\/\/[^|>\s]+)(?:\|[^>]*)?>$/i.exec(text)?.[1];
  return link ?? text.replace(/['’]s$/, '');
}

function findWindows(message: string, taken: readonly Span[]): Entity[] {
  const found: Entity[] = [];
  for (let round = 0; round < 3; round++) {
    const next = findTimeWindow(blankOut(message, [...taken, ...found]));
    if (next === undefined) break;
    found.push({ kind: 'time_window', value: next.text, start: next.start, end: next.end });
  }
  return found;
}

/** '100 years', 'two months': a window nobody reads, kept so that the answer can say so. */
function longWindows(words: readonly Token[]): Entity[] {
  return words.flatMap((word, at) => {
    const joined = /^\d+(y|yr|yrs|years?|mo|months?)$/.test(word.lower);
    const before = words[at - 1];
    if (joined) return [{ kind: 'time_window' as const, value: word.text, start: word.start, end: word.end }];
    if (before === undefined || word.quoted || !LONG_UNIT.test(word.lower)) return [];
    return [{ kind: 'time_window' as const, value: `${before.text} ${word.text}`, start: before.start, end: word.end }];
  });
}

/** 'high', 'sev1', 'sev 1', 'priority 2'. */
function findSeverities(words: readonly Token[]): Entity[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    const split = /^(sev|severity|p|priority)$/.test(word.lower) && next && /^[1-4]$/.test(next.lower);
    const value = split ? severityOf(`sev${next.lower}`) : word.quoted ? undefined : severityOf(word.lower);
    if (value === undefined) return [];
    return [{ kind: 'severity' as const, value, start: word.start, end: split ? next.end : word.end }];
  });
}
