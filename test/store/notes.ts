import { z } from 'zod';
import type { Kind } from '../../store/store.ts';

/** Two kinds made for the tests: notes stand in lists, counters only count. */
export const Note = z.object({
  text: z.string(),
  author: z.string().optional(),
  at: z.string(),
  keepUntil: z.number().optional(),
});
export type Note = z.output<typeof Note>;

export const notes: Kind<Note> = {
  name: 'note',
  schema: Note,
  indexes: {
    by_author: ({ author, at }) => (author === undefined ? undefined : { partition: author, sort: at }),
    by_time: ({ at }) => ({ partition: 'all', sort: at }),
  },
  expiresAt: ({ keepUntil }) => keepUntil ?? 4_000_000_000_000,
};

export const Counter = z.object({ count: z.number().int() });
export type Counter = z.output<typeof Counter>;
export const counters: Kind<Counter> = { name: 'counter', schema: Counter, indexes: {} };

export function note(overrides: Partial<Note> = {}): Note {
  return { text: 'disk is full', author: 'alice', at: '2026-01-01T10:00:00Z', ...overrides };
}
