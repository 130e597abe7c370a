import { generateKeyPairSync, sign } from 'node:crypto';
import { createAudit } from '../../../approvals/audit.ts';
import { fixChains, MOST_CHAINS, readChains } from '../../../approvals/audit-chains.ts';
import type { AuditRecord } from '../../../approvals/audit-record.ts';
import { readHeads, recordsOf } from '../../../approvals/audit-walk.ts';
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
export const signedChain = (signer: Signer): Promise<Left> => signedRecord(signer, 1, LENGTH, COVERED);

/** Sixteen chains with 160 records together and three delivered checkpoints. */
export const signedChains = (signer: Signer): Promise<Left> => signedRecord(signer, MOST_CHAINS, 160, [60, 110, 140]);

async function signedRecord(signer: Signer, chains: number, length: number, covered: readonly number[]): Promise<Left> {
  const start = Date.parse('2026-11-20T12:00:00Z');
  const { clock, setNow } = movableClock(start);
  const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  await fixChains(store, chains);
  const audit = createAudit({ store, clock, log: silentLog, node: 'n', build: 'b' });
  const maker = { store, clock, signer: async () => signer, node: 'n' };
  for (let n = 1; n <= length; n += 1) {
    setNow(start + n * 1_000);
    await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });
    if (covered.includes(n)) await makeCheckpoint(maker, 'now');
  }
  const records: AuditRecord[] = [];
  const { names } = await readChains(store);
  for (const name of names) for await (const record of recordsOf(store, name)) records.push(record);
  const checkpoints: Checkpoint[] = [];
  for await (const checkpoint of checkpointsOf(store)) checkpoints.push(checkpoint);
  const heads = await readHeads(store, names);
  await store.close();
  const place = checkpoints.map(checkpointLine);
  return { layout: { chains }, records, heads, checkpoints, delivered: checkpoints.length, place };
}
