import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Approval, approvalKind } from '../approvals/approval.ts';
import { quoted } from '../approvals/audit-chains.ts';
import { verifyWithCopy } from '../approvals/audit-verify.ts';
import type { FirstBad } from '../approvals/audit-walk.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { createLog } from '../lib/log.ts';
import { utc } from '../lib/utc.ts';
import { openStore } from '../store/open.ts';
import { assertUnusedAndEmpty, assertWhole, copySqlite, sqlitePathOf } from '../store/sqlite-backup.ts';
import type { Store } from '../store/store.ts';

/** The store, what SQLite keeps beside it, and the audit copy. */
const ENDINGS = ['', '-wal', '-shm', '.audit.jsonl'];

/**
 * `opsagent restore`: puts a copy of a backup where STORE is, after it was checked. A store that holds records, or that anybody
 * has open, is refused; what is there otherwise is put aside under another name and never deleted.
 *
 * @throws OpsError `store_unavailable`, `store_corrupt`; then STORE is as it was
 */
export async function restore(config: Config, from: string, print: (line: string) => void): Promise<boolean> {
  const path = sqlitePathOf(config.STORE);
  const fresh = `${path}.restoring`;
  if (existsSync(path)) assertUnusedAndEmpty(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await copySqlite(from, fresh);
  try {
    const records = await inspect(fresh, `${from}.audit.jsonl`, config);
    const aside = putAside(path);
    if (existsSync(`${from}.audit.jsonl`)) copyFileSync(`${from}.audit.jsonl`, `${path}.audit.jsonl`);
    // Unlike a rename it never takes the place of a file that somebody made meanwhile.
    linkSync(fresh, path);
    print(`Restored ${path}: ${records} audit records, the chain is whole.${aside}`);
    print('What was recorded after the backup is not in it: docs/runbook.md says what to look at now.');
  } finally {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${fresh}${ending}`, { force: true });
  }
  return true;
}

async function inspect(path: string, auditCopy: string, { LOG_LEVEL }: Config): Promise<number> {
  const store = await openStore(`sqlite:${path}`, { clock: systemClock, log: createLog(LOG_LEVEL) });
  try {
    const { records, firstBad } = await verifyWithCopy(store, auditCopy);
    if (firstBad) throw broken(firstBad);
    await assertNothingCanRunAgain(store);
    return records;
  } finally {
    await store.close();
    assertWhole(path);
  }
}

/**
 * A change that could still be approved or started in the backup may have been executed after it was made, and the restored
 * store would not know. Such a change lives for minutes; until then it would run a second time (G10).
 */
async function assertNothingCanRunAgain(store: Store): Promise<void> {
  const ends = await Promise.all([
    latest(store, 'pending', ({ expires_at }) => expires_at),
    latest(store, 'approved', ({ exec_deadline, expires_at }) => exec_deadline ?? expires_at),
  ]);
  const until = Math.max(...ends);
  if (until < systemClock.now()) return;
  throw new OpsError('store_unavailable', 'The backup holds changes that could still run, and may have run already.', {
    hint: `Keep OpsAgent stopped and restore after ${utc(new Date(until).toISOString())}: they have expired by then.`,
    retryable: true,
  });
}

/** Epoch ms; 0 when no change is in this state. */
async function latest(store: Store, state: Approval['state'], endOf: (approval: Approval) => string): Promise<number> {
  let last = 0;
  let after: string | undefined;
  do {
    const page = await store.query(approvalKind, { index: 'by_state', partition: state, limit: 200, after });
    last = Math.max(last, ...page.rows.map(({ value }) => Date.parse(endOf(value))));
    after = page.next;
  } while (after !== undefined);
  return last;
}

function putAside(path: string): string {
  // Again, and right before: somebody may have started while the backup was checked.
  if (existsSync(path)) assertUnusedAndEmpty(path);
  const stamp = new Date(systemClock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const there = ENDINGS.filter((ending) => existsSync(`${path}${ending}`));
  for (const ending of there) renameSync(`${path}${ending}`, `${path}.before-${stamp}${ending}`);
  return there.length > 0 ? ` What was there is now ${path}.before-${stamp}.` : '';
}

function broken(firstBad: FirstBad): OpsError {
  const where = `record ${quoted(firstBad)}: ${firstBad.because}`;
  return new OpsError('store_corrupt', `The audit chain of the backup is broken at ${where}.`, {
    hint: 'Use an older backup. Keep this one: it is evidence.',
  });
}
