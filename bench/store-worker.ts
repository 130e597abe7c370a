import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createAudit } from '../approvals/audit.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { openStore } from '../store/open.ts';
import { liveOut, TRANSITIONS } from './change-lives.ts';
import { answering } from './rounds.ts';

/** `node bench/store-worker.ts <folder>`: the disk's floor and the real store, in one process, asked in turn. */
const [folder = ''] = process.argv.slice(2);
const LINE = `${'x'.repeat(329)}\n`;

const floor = openSync(join(folder, 'floor'), 'a');
const store = await openStore(`sqlite:${join(folder, 'bench.db')}`, { clock: systemClock, log: silentLog });
const audit = createAudit({ store, clock: systemClock, log: silentLog, node: 'bench', build: '0' });
let lives = 0;

interface Question {
  /** `floor`: one line appended and synced. `store`: one change lived out. */
  what: 'floor' | 'store';
  count: number;
  inFlight: number;
}

async function run({ what, count, inFlight }: Question) {
  const began = performance.now();
  if (what === 'floor') for (let n = 0; n < count; n += 1) append();
  else await Promise.all(Array.from({ length: inFlight }, () => live(count / inFlight)));
  const seconds = (performance.now() - began) / 1000;
  return { rate: (count * (what === 'floor' ? 1 : TRANSITIONS)) / seconds };
}

function append(): void {
  writeSync(floor, LINE);
  fdatasyncSync(floor);
}

async function live(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await liveOut(audit, lives++);
}

answering({ ready: true }, run, async () => {
  closeSync(floor);
  await store.close();
});
