import { z } from 'zod';
import { sha256Hex } from '../lib/ids.ts';
import { type Kind, put, remove, type Store, update } from '../store/store.ts';
import type { Conversation } from './turn.ts';
import type { OpenQuestion } from './understand/understanding.ts';

/** A question waits this long for its answer; after that the words stand for themselves again. */
const WAIT_MS = 5 * 60_000;

const Asked = z.strictObject({
  tool: z.string(),
  known: z.record(z.string(), z.json()),
  missing: z.string(),
  until: z.number(),
});

const askedKind: Kind<z.output<typeof Asked>> = {
  name: 'open_question',
  schema: Asked,
  indexes: {},
  expiresAt: ({ until }) => until,
};

/** Questions by conversation and person: another person's words never answer them. */
export function createOpenQuestions(store: Store) {
  const keyOf = ({ channel, id }: Conversation, person: string) => sha256Hex(JSON.stringify([channel, id, person]));
  return {
    async read(conversation: Conversation, person: string, now: number): Promise<OpenQuestion | undefined> {
      const row = await store.get(askedKind, keyOf(conversation, person));
      if (!row || now >= row.value.until) return undefined;
      const { tool, known, missing } = row.value;
      return { tool, known, missing };
    },
    /** Replaces whatever was asked before; `undefined` closes it. */
    async write(
      conversation: Conversation,
      person: string,
      question: OpenQuestion | undefined,
      now: number,
    ): Promise<void> {
      const key = keyOf(conversation, person);
      const row = await store.get(askedKind, key);
      if (!question) {
        if (row) await store.transact([remove(askedKind, row)]);
        return;
      }
      const value = { ...question, until: now + WAIT_MS };
      await store.transact([row ? update(askedKind, row, value) : put(askedKind, key, value)]);
    },
  };
}

export type OpenQuestions = ReturnType<typeof createOpenQuestions>;
