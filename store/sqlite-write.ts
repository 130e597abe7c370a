import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { asOpsError, OpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Entry, ReadyWrite, Row } from './row.ts';
import { isStoreFault } from './sqlite-errors.ts';
import { createSweep } from './sqlite-sweep.ts';
import type { Committed } from './store.ts';

/** One call of `transact`, already checked. */
export interface Job {
  writes: readonly ReadyWrite[];
  /** Epoch ms. */
  before?: number;
}

export interface Writer {
  /**
   * One transaction, one sync of the disk. Each job has its own savepoint: one that fails leaves nothing and hurts nobody else.
   * @throws what SQLite throws when the file itself fails; then nothing of any job stays
   */
  commit(jobs: readonly Job[]): Written;
}

export interface Written {
  results: PromiseSettledResult<Committed>[];
  /** How long the disk took, sync included, ms. */
  diskMs: number;
}

interface Held {
  version: number;
  entries: string;
}

const Entries = z.array(z.tuple([z.string(), z.string(), z.string()]));

export function createWriter(db: Database.Database, clock: Pick<Clock, 'now'>, log: Pick<Log, 'error'>): Writer {
  const statements = prepare(db);
  const applied = db.transaction(apply);
  const sweep = createSweep({ db, clock, log, drop });
  const together = (attemptOne: (job: Job) => PromiseSettledResult<Committed>) =>
    db.transaction((jobs: readonly Job[]) => {
      const results = jobs.map(attemptOne);
      sweep();
      return { results, endedAt: performance.now() };
    });
  // A savepoint copies every page it touches. A job that only conflicts has written nothing, so none is needed until one breaks.
  const committed = together((job) => ({ status: 'fulfilled', value: apply(job) }));
  const committedCarefully = together(attempt);

  function attempt(job: Job): PromiseSettledResult<Committed> {
    try {
      return { status: 'fulfilled', value: applied(job) };
    } catch (reason) {
      // Some failures end the whole transaction inside SQLite; what follows would otherwise run outside of any.
      if (isStoreFault(reason) || !db.inTransaction) throw reason;
      return { status: 'rejected', reason: asOpsError(reason) };
    }
  }

  function apply({ writes, before }: Job): Committed {
    if (before !== undefined && clock.now() >= before) return { committed: false, because: 'late' };
    const rows = writes.map((write) => ({ write, held: statements.held.get(write.kind, write.id) }));
    for (const { write, held } of rows) {
      if ((held?.version ?? 'absent') !== write.expects) {
        return { committed: false, because: 'conflict', kind: write.kind, id: write.id, version: held?.version };
      }
    }
    for (const { write, held } of rows) effect(write, held);
    return { committed: true };
  }

  function effect({ kind, id, effect }: ReadyWrite, held: Held | undefined): void {
    if (effect.type === 'write') replace(kind, id, effect.row, held);
    if (effect.type === 'remove' && held) drop(kind, id, held.entries);
  }

  function replace(kind: string, id: string, { body, entries, expiresAt }: Row, held: Held | undefined): void {
    const listed = JSON.stringify(entries);
    const expiry = expiresAt === undefined ? null : Math.ceil(expiresAt);
    if (held === undefined) statements.insert.run(kind, id, body, listed, expiry);
    else statements.update.run(body, listed, expiry, kind, id);
    if (held?.entries === listed) return;
    // Most lists of a row stay as they are; each that is left alone is one page less in the log.
    const before = held ? parseEntries(kind, id, held.entries) : [];
    for (const [list, partition, sort] of without(before, entries))
      statements.unlist.run(kind, list, partition, sort, id);
    for (const [list, partition, sort] of without(entries, before))
      statements.list.run(kind, list, partition, sort, id);
  }

  function drop(kind: string, id: string, listed: string): void {
    for (const [list, partition, sort] of parseEntries(kind, id, listed)) {
      statements.unlist.run(kind, list, partition, sort, id);
    }
    statements.remove.run(kind, id);
  }

  function write(jobs: readonly Job[]) {
    try {
      return committed.immediate(jobs);
    } catch (reason) {
      if (isStoreFault(reason)) throw reason;
      return committedCarefully.immediate(jobs);
    }
  }

  return {
    commit(jobs) {
      const { results, endedAt } = write(jobs);
      return { results, diskMs: performance.now() - endedAt };
    },
  };
}

/** A row stands once in a list, so a list's name tells which entries to compare. */
function without(entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  if (others.length === 0) return entries;
  return entries.filter(
    ([list, partition, sort]) =>
      !others.some((other) => other[0] === list && other[1] === partition && other[2] === sort),
  );
}

function parseEntries(kind: string, id: string, listed: string): z.output<typeof Entries> {
  try {
    return Entries.parse(JSON.parse(listed));
  } catch (cause) {
    const hint = 'Restore a backup, or repair the row.';
    throw new OpsError('store_corrupt', `the lists of ${kind} ${id} in the store cannot be read`, { hint, cause });
  }
}

function prepare(db: Database.Database) {
  type Text = string;
  return {
    held: db.prepare<[Text, Text], Held>('SELECT version, entries FROM records WHERE kind = ? AND id = ?'),
    insert: db.prepare<[Text, Text, Text, Text, number | null]>(
      'INSERT INTO records (kind, id, version, body, entries, expires_at) VALUES (?, ?, 1, ?, ?, ?)',
    ),
    update: db.prepare<[Text, Text, number | null, Text, Text]>(
      'UPDATE records SET version = version + 1, body = ?, entries = ?, expires_at = ? WHERE kind = ? AND id = ?',
    ),
    remove: db.prepare<[Text, Text]>('DELETE FROM records WHERE kind = ? AND id = ?'),
    list: db.prepare<[Text, Text, Text, Text, Text]>(
      'INSERT INTO entries (kind, list, partition, sort, id) VALUES (?, ?, ?, ?, ?)',
    ),
    unlist: db.prepare<[Text, Text, Text, Text, Text]>(
      'DELETE FROM entries WHERE kind = ? AND list = ? AND partition = ? AND sort = ? AND id = ?',
    ),
  };
}
