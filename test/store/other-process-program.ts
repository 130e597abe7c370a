import { once } from 'node:events';
import Database from 'better-sqlite3';
import { systemClock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import { put, type Store, update } from '../../store/store.ts';
import { counters, note, notes } from './notes.ts';

/** What another process does to a store; `npx node other-process-program.ts <verb> <file or dynamodb:table>`. It says each step on stdout. */
const verbs: Readonly<Record<string, (path: string) => Promise<void>>> = { open, acknowledge, increment, hold, fill };
const [verb = '', path = ''] = process.argv.slice(2);
await verbs[verb]?.(path);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function openNamed(place: string): Promise<Store> {
  const uri = place.startsWith('dynamodb:') ? place : `sqlite:${place}`;
  return openStore(uri, { clock: systemClock, log: silentLog, region: 'eu-west-1' });
}

/** Opens the store and writes one row; says `ok` or the error code. */
async function open(file: string): Promise<void> {
  try {
    const store = await openNamed(file);
    await store.transact([put(notes, 'from another process', note())]);
    say('ok');
  } catch (error) {
    say(asOpsError(error).code);
  }
}

/** Writes rows until it is killed, many calls at once; says each id as soon as it is acknowledged. */
async function acknowledge(file: string): Promise<void> {
  const store = await openNamed(file);
  const writer = async (name: string) => {
    for (let n = 0; ; n++) {
      await store.transact([put(notes, `${name}-${n}`, note())]);
      say(`${name}-${n}`);
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(writer));
}

/** Counts up 100 times by compare and set, starting again whenever another process was faster. Says how often it lost. */
async function increment(file: string): Promise<void> {
  const store = await openNamed(file);
  let lost = 0;
  for (let done = 0; done < 100; ) {
    const held = await store.get(counters, 'shared');
    const next = held ? update(counters, held, { count: held.value.count + 1 }) : put(counters, 'shared', { count: 1 });
    const { committed } = await store.transact([next]);
    if (committed) done += 1;
    else lost += 1;
  }
  await store.close();
  say(String(lost));
}

/** Locks the file, says so, and lets go when its stdin ends. */
async function hold(file: string): Promise<void> {
  const db = new Database(file);
  db.exec('BEGIN EXCLUSIVE');
  say('held');
  await once(process.stdin.resume(), 'end');
  db.exec('ROLLBACK');
  db.close();
  say('released');
}

/** Writes until the disk refuses; says the acknowledged ids, then what every call of the refused group got. */
async function fill(file: string): Promise<void> {
  const store = await openNamed(file);
  for (let round = 0; ; round++) {
    const ids = ['a', 'b', 'c'].map((name) => `${name}-${round}`);
    const writes = ids.map((id) => store.transact([put(notes, id, note({ text: 'x'.repeat(20_000) }))]));
    const ends = await Promise.allSettled(writes);
    if (ends.every(({ status }) => status === 'fulfilled')) ids.forEach(say);
    else {
      for (const end of ends)
        say(end.status === 'fulfilled' ? 'refused: nothing' : `refused: ${asOpsError(end.reason).code}`);
      say(`reads: ${(await store.get(notes, 'a-0'))?.id}`);
      return;
    }
  }
}
