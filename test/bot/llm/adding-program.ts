import { createUsageLedger } from '../../../bot/llm/usage.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';

/** A process that counts turns of one cent at once, two at a time: `npx node adding-program.ts <file> <person> <now> <times>`. */
const [path = '', person = '', now = '', times = ''] = process.argv.slice(2);
const store = await createSqliteStore({ path, clock: systemClock, log: silentLog });
const ledger = createUsageLedger(store);
const turn = { calls: 2, tokens: { input: 10, cacheRead: 20, cacheWrite: 30, output: 40 }, costUsd: 0.01 };
for (let done = 0; done < Number(times); done += 2)
  await Promise.all([ledger.add(person, Number(now), turn), ledger.add(person, Number(now), turn)]);
await store.close();
