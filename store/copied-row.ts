import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';

/** A row as it travels between engines: whatever its kind, with its version and the lists it stands in. */
export const CopiedRow = z.strictObject({
  kind: z.string().regex(/^\w+$/),
  id: z.string().min(1),
  version: z.number().int().min(1),
  value: z.json(),
  /** index, partition, sort. */
  entries: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** Epoch ms. */
  expires_at: z.number().optional(),
});
export type CopiedRow = z.output<typeof CopiedRow>;

interface Held extends Pick<CopiedRow, 'kind' | 'id' | 'version' | 'expires_at'> {
  /** JSON texts, as engines hold them. */
  body: string;
  entries: string;
}

/** @throws OpsError `store_corrupt` for a row that no engine would take */
export function copyOf({ kind, id, version, expires_at, body, entries }: Held): CopiedRow {
  const parsed = CopiedRow.safeParse({ kind, id, version, expires_at, value: json(body), entries: json(entries) });
  if (parsed.success) return parsed.data;
  throw new OpsError('store_corrupt', `${kind} ${id} in the store cannot be read`, {
    hint: 'Restore a backup, or repair the row.',
    facts: { kind, id },
    cause: parsed.error,
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
