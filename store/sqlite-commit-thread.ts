import { parentPort, workerData } from 'node:worker_threads';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type Answer, type Asked, plain, resultOf } from './sqlite-commit-message.ts';
import { mapSqliteError } from './sqlite-errors.ts';
import { openSqliteFile, whenUnlocked } from './sqlite-file.ts';
import { createWriter } from './sqlite-write.ts';

/** The program of the thread for commits (`startCommitThread`). It opens the file for itself, and says so when it has. */
const { path, busyTimeoutMs } = workerData as { path: string; busyTimeoutMs: number };
const say = (answer: Answer) => parentPort?.postMessage(answer);

/** The store's clock as the caller read it, and what has passed since. */
let told = { now: 0, at: 0 };
const clock: Pick<Clock, 'now'> = { now: () => told.now + (performance.now() - told.at) };
const log: Pick<Log, 'error'> = { error: (facts, message) => say({ type: 'log', facts, message }) };

const db = await openSqliteFile(path, busyTimeoutMs);
const writer = createWriter(db, clock, log);

async function commit({ jobs, now }: Extract<Asked, { type: 'commit' }>): Promise<void> {
  told = { now, at: performance.now() };
  try {
    const { results } = await whenUnlocked(() => writer.commit(jobs), busyTimeoutMs);
    say({ type: 'committed', results: results.map(resultOf) });
  } catch (error) {
    say({ type: 'failed', error: plain(mapSqliteError(error, path)) });
  }
}

parentPort?.on('message', (asked: Asked) => {
  if (asked.type === 'commit') return void commit(asked);
  db.close();
  parentPort?.close();
});
say({ type: 'ready' });
