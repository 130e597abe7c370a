import { z } from 'zod';
import type { OnTurn } from '../../bot/channel.ts';
import type { Turn } from '../../bot/turn.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { Clock } from '../../lib/clock.ts';
import { sha256Hex } from '../../lib/ids.ts';
import type { Stored } from '../../store/store.ts';
import { ok, type Reply } from '../http/reply.ts';
import { browserMessage } from './browser-message.ts';
import { conversationFor } from './conversations.ts';
import type { Messages, WebMessage } from './messages.ts';
import { parse, queryObject } from './parse.ts';
import type { Call, Route } from './route.ts';
import type { Who } from './who.ts';

const Limit = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(100) });

/** Text that every store and log can hold: no half surrogate pairs. */
const wellFormed = z.string().refine((value) => value.isWellFormed(), 'is not valid Unicode');
const text = (max: number) => wellFormed.max(max);

/** Of a longer text, the bot hears all and people are shown this much: more than the bot ever follows. */
const longestShown = 8000;
const shown = (typed: string): string => cleanText(typed, longestShown, { keepLines: true });

const DecisionPress = z.strictObject({
  verdict: z.enum(['approve', 'reject', 'cancel']),
  approvalId: text(100).min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'is not a plan digest'),
  reason: text(1000).transform(shown).optional(),
});

const common = { id: z.uuid(), conversation: text(200) };
const TextTurn = z.strictObject({
  ...common,
  text: wellFormed.refine((value) => shown(value).trim() !== '', 'is empty'),
});
const DecisionTurn = z.strictObject({ ...common, decision: DecisionPress });
type NewTurn = z.output<typeof TextTurn> | z.output<typeof DecisionTurn>;

const turnHint = 'Send {id: uuid, conversation, text} or {id: uuid, conversation, decision}.';

interface Parts {
  channel: string;
  channels: readonly string[];
  clock: Clock;
  messages: Messages;
  onTurn: OnTurn;
  /** Tells the open consoles. */
  said(row: Stored<WebMessage>): Promise<void>;
}

export function conversationRoutes(parts: Parts): Route[] {
  return [
    { method: 'GET', path: '/api/conversations/:id/messages', answer: (call) => readMessages(call, parts) },
    { method: 'POST', path: '/api/turns', answer: (call) => takeTurn(call, parts) },
  ];
}

async function readMessages(
  { who: { person }, parameters, query }: Call,
  { channels, messages }: Parts,
): Promise<Reply> {
  const found = conversationFor(person, parameters.id ?? '', channels);
  if ('refused' in found) return found.refused;
  const asked = parse(Limit, queryObject(query), 'limit is a number from 1 to 200.');
  if ('refused' in asked) return asked.refused;
  const rows = await messages.latest(found.conversation, person.id, asked.value.limit);
  return ok({ messages: await Promise.all(rows.map((row) => browserMessage(row))) });
}

async function takeTurn({ who, body }: Call, parts: Parts): Promise<Reply> {
  const { person } = who;
  const pressed = typeof body === 'object' && body !== null && 'decision' in body;
  const parsed = parse<NewTurn>(pressed ? DecisionTurn : TextTurn, body, turnHint);
  if ('refused' in parsed) return parsed.refused;
  const found = conversationFor(person, parsed.value.conversation, parts.channels);
  if ('refused' in found) return found.refused;
  const turn = toTurn(parsed.value, { ...parts, who, conversation: found.conversation });
  if (!turn.decision) {
    // Named by a hash: the readers of a channel must not learn the id under which the turn is known.
    const row = await parts.messages.said(
      `said-${sha256Hex(turn.id).slice(0, 24)}`,
      found.conversation,
      person,
      shown(turn.text),
    );
    if (row) await parts.said(row);
  }
  return ok(await parts.onTurn(turn));
}

interface Place {
  channel: string;
  clock: Clock;
  who: Who;
  conversation: string;
}

function toTurn(asked: NewTurn, { channel, clock, who, conversation }: Place): Turn {
  const { person, auth, signedInAt } = who;
  const turn: Turn = {
    id: `${channel}:${person.id}:${asked.id.toLowerCase()}`,
    at: clock.now(),
    origin: 'decision' in asked ? 'button' : 'message',
    speaker: { channel, userId: person.id, auth, ...(signedInAt !== undefined && { signedInAt }) },
    conversation: { channel, id: conversation },
    text: 'text' in asked ? asked.text : '',
  };
  return 'decision' in asked ? { ...turn, decision: asked.decision } : turn;
}
