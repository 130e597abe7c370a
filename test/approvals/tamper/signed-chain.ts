import { generateKeyPairSync, sign } from 'node:crypto';
import { createAudit } from '../../../approvals/audit.ts';
import { auditKind, CHAIN, headKind } from '../../../approvals/audit-record.ts';
import { type Checkpoint, checkpointLine, checkpointsOf } from '../../../approvals/checkpoint.ts';
import { pemOf, type Signer, signerOf } from '../../../approvals/checkpoint-keys.ts';
import { makeCheckpoint } from '../../../approvals/checkpoint-make.ts';
import type { CheckpointPlace } from '../../../approvals/checkpointer.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import { movableClock } from '../../store/movable-clock.ts';
import type { Left } from './left-store.ts';

export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return signerOf(pemOf(publicKey), async (bytes) => sign(null, bytes, privateKey));
}

/** A second place in memory. */
export function linesPlace(lines: string[] = []): CheckpointPlace & { lines: string[] } {
  return {
    name: 'memory',
    lines,
    async write(_number, line) {
      lines.push(line);
    },
    async *read() {
      yield* lines;
    },
  };
}

/** Records the chain has, and the last record of each checkpoint. */
export const LENGTH = 30;
export const COVERED: readonly number[] = [10, 20, 27];

/** A chain of 30 records with three delivered checkpoints, made by the product itself. */
export async function signedChain(signer: Signer): Promise<Left> {
  const { clock } = movableClock(Date.parse('2026-11-20T12:00:00Z'));
  const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  const audit = createAudit({ store, clock, log: silentLog, node: 'n', build: 'b' });
  const maker = { store, clock, signer: async () => signer, node: 'n' };
  for (let n = 1; n <= LENGTH; n += 1) {
    await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });
    if (COVERED.includes(n)) await makeCheckpoint(maker, 'now');
  }
  const { rows } = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 });
  const checkpoints: Checkpoint[] = [];
  for await (const checkpoint of checkpointsOf(store)) checkpoints.push(checkpoint);
  const head = (await store.get(headKind, CHAIN))?.value;
  await store.close();
  if (!head) throw new Error('no chain');
  const place = checkpoints.map(checkpointLine);
  return { records: rows.map(({ value }) => value), head, checkpoints, delivered: checkpoints.length, place };
}
