import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import { OpsError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/ids.ts';
import { redact } from '../../lib/redact.ts';
import { type Kind, put, type Store, update } from '../../store/store.ts';
import type { Conversation } from '../turn.ts';
import type { Message } from './model.ts';
import { toData } from './untrusted.ts';

const Exchange = z.strictObject({
  /** Epoch ms. */
  at: z.number(),
  /** Name of who spoke. */
  by: z.string(),
  said: z.string(),
  /** The model's own words, as they were shown. */
  replied: z.string().optional(),
  /** Cards that were shown, as text: data. */
  shown: z.array(z.strictObject({ source: z.string(), text: z.string() })),
});
/** One thing said and what came back. */
export type Exchange = z.output<typeof Exchange>;

const Memory = z.strictObject({ exchanges: z.array(Exchange), at: z.number() });

/** "it" means what was shown in the same sitting. */
const FRESH_MS = 4 * 3_600_000;
const MOST_EXCHANGES = 12;
const LONGEST = 2_000;
const LONGEST_SHOWN = 3_000;
/** Characters of all that is remembered; the oldest goes first. */
const BUDGET = 24_000;
const TRIES = 10;

const memoryKind: Kind<z.output<typeof Memory>> = {
  name: 'conversation',
  schema: Memory,
  indexes: {},
  expiresAt: ({ at }) => at + FRESH_MS,
};

const keyOf = ({ channel, id }: Conversation): string => sha256Hex(JSON.stringify([channel, id]));

/** What was said and shown in a conversation lately, by whoever took part, in every process. */
export function createMemory(store: Store) {
  const row = (conversation: Conversation) => store.get(memoryKind, keyOf(conversation));
  return {
    async recall(conversation: Conversation, now: number): Promise<readonly Exchange[]> {
      return fresh((await row(conversation))?.value.exchanges ?? [], now);
    },
    /** Others may speak in the same moment: then it is added to theirs. */
    async remember(conversation: Conversation, exchange: Exchange): Promise<void> {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const before = await row(conversation);
        const exchanges = trimmed([...fresh(before?.value.exchanges ?? [], exchange.at), clipped(exchange)]);
        const value = { exchanges, at: exchange.at };
        const write = before ? update(memoryKind, before, value) : put(memoryKind, keyOf(conversation), value);
        if ((await store.transact([write])).committed) return;
      }
      throw new OpsError('store_unavailable', 'Others kept adding to the same conversation.', {
        hint: 'What was said last is not remembered; say it again.',
        retryable: true,
      });
    },
  };
}

export type Memory = ReturnType<typeof createMemory>;

/** As the model hears it: people's words, its own words, and data marked as data. */
export function asMessages(exchanges: readonly Exchange[]): Message[] {
  return exchanges.flatMap(({ by, said, replied, shown }, turn): Message[] => {
    const data = shown.map(({ source, text }, n) =>
      toData(text, { id: `s${turn + 1}.${n + 1}`, tool: source, failed: false }),
    );
    const words = replied ?? '(The answer was the card below.)';
    return [
      { role: 'user', content: [{ kind: 'text', text: `${by} said: ${said}` }] },
      { role: 'assistant', content: [{ kind: 'text', text: words }] },
      ...(data.length > 0 ? shownAs(data) : []),
    ];
  });
}

/** Data never stands in the model's own mouth. */
function shownAs(data: readonly string[]): Message[] {
  return [
    { role: 'user', content: [{ kind: 'text', text: `Shown in the chat:\n${data.join('\n')}` }] },
    { role: 'assistant', content: [{ kind: 'text', text: '(Noted.)' }] },
  ];
}

const fresh = (exchanges: readonly Exchange[], now: number): Exchange[] =>
  exchanges.filter(({ at }) => at > now - FRESH_MS);

function clipped({ said, replied, shown, ...rest }: Exchange): Exchange {
  const short = (text: string, most: number) => cleanText(redact(text), most, { keepLines: true });
  return {
    ...rest,
    said: short(said, LONGEST),
    replied: replied === undefined ? undefined : short(replied, LONGEST),
    shown: shown
      .slice(0, 4)
      .map(({ source, text }) => ({ source: short(source, 80), text: short(text, LONGEST_SHOWN) })),
  };
}

function trimmed(exchanges: readonly Exchange[]): Exchange[] {
  const kept: Exchange[] = [];
  let size = 0;
  for (const exchange of exchanges.slice(-MOST_EXCHANGES).reverse()) {
    size += JSON.stringify(exchange).length;
    if (size > BUDGET && kept.length > 0) break;
    kept.unshift(exchange);
  }
  return kept;
}
