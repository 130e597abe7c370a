import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Approval, approvalKind } from '../approvals/approval.ts';
import { systemClock } from '../lib/clock.ts';
import { sha256Hex } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';
import { silentLog } from '../lib/log.ts';
import type { CopiedRow } from '../store/copied-row.ts';
import { openStore, openStoreAdmin } from '../store/open.ts';
import { known } from '../tools/aws/simulated/known.ts';
import { instanceId } from './quick-aws.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const A_TRANSACTION = 20_000;
/** Each person has so many changes that wait. */
const EACH_PERSON = 50;
const WEEK_MS = 7 * 24 * 3_600_000;

/** Who asked for the n-th of so many. */
export const requester = (n: number, size: number): string => `p${n % Math.ceil(size / EACH_PERSON)}@example.com`;
export const changeId = (n: number): string => `chg-${sha256Hex(`change ${n}`).slice(0, 26)}`;

/** A change as the program itself stores one, proposed in a store of its own. */
export async function proposedChange(folder: string): Promise<Approval> {
  const uri = `sqlite:${join(folder, 'one.db')}`;
  const env = { PATH: '/usr/bin:/bin', STORE: uri, LOG_LEVEL: 'silent' };
  const text = `ec2 reboot ${known.sickInstance} reason="it does not answer"`;
  const { stdout } = spawnSync(process.execPath, [MAIN, 'ask', '--json', text], { env, encoding: 'utf8' });
  const { approval_id: id } = z.object({ approval_id: z.string() }).parse(JSON.parse(stdout));
  const store = await openStore(uri, { clock: systemClock, log: silentLog });
  const row = await store.get(approvalKind, id);
  await store.close();
  if (!row) throw new Error(`${id} is not in the store`);
  return row.value;
}

/** The n-th of so many that wait: another id, instance, token and proposal; not due for a week. */
export function another(model: Approval, n: number, size: number, now: number): Approval {
  const id = changeId(n);
  const at = new Date(now - size + n).toISOString();
  const expires_at = new Date(now + WEEK_MS + n).toISOString();
  const [target, ...more] = model.plan.targets;
  if (!target) throw new Error('the change has no target');
  const arn = target.arn.replace(/i-\w+$/, instanceId(n));
  const own = { change_id: id, requester: requester(n, size), created_at: at, expires_at };
  return {
    ...model,
    ...{ id, created_at: at, updated_at: at, expires_at },
    plan: { ...model.plan, ...own, targets: [{ ...target, arn }, ...more] },
    token_hash: sha256Hex(`token ${n}`),
  };
}

/** A store with so many changes that wait, filled by large transactions. */
export async function fillPending(uri: string, model: Approval, size: number): Promise<void> {
  const admin = await openStoreAdmin(uri);
  const now = Date.now();
  for (let from = 0; from < size; from += A_TRANSACTION)
    await admin.load(rows(model, { from, to: Math.min(size, from + A_TRANSACTION), size, now }));
  await admin.close();
}

async function* rows(model: Approval, part: { from: number; to: number; size: number; now: number }) {
  for (let n = part.from; n < part.to; n += 1) yield asRow(another(model, n, part.size, part.now));
}

function asRow(value: Approval): CopiedRow {
  const entries = Object.entries(approvalKind.indexes).flatMap(([index, key]): CopiedRow['entries'] => {
    const place = key(value);
    return place ? [[index, place.partition, place.sort]] : [];
  });
  // What a store of this version holds is JSON.
  return { kind: approvalKind.name, id: value.id, version: 1, value: value as unknown as Json, entries };
}
