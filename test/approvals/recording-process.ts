import { createAudit } from '../../approvals/audit.ts';
import { fixChains } from '../../approvals/audit-chains.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';

/**
 * A process of its own that records: `node recording-process.ts <store> <chains> <requests> <records of each> <at once> <barrier ms>`.
 * Chains 0: it takes what the store says. One line of JSON tells what it came to.
 */
const [uri = '', chains = '0', requests = '1', each = '1', atOnce = '1', barrier = '0'] = process.argv.slice(2);

const counts = { commits: 0, conflicts: 0 };

function counting(store: Store): Store {
  return {
    ...store,
    async transact(writes, options) {
      const committed = await store.transact(writes, options);
      if (committed.committed) counts.commits += 1;
      else counts.conflicts += 1;
      return committed;
    },
  };
}

const opened = await openStore(uri, { clock: systemClock, log: silentLog, region: 'eu-west-1' });
const parts = { store: counting(opened), clock: systemClock, log: silentLog };
const audit = createAudit({ ...parts, node: `p/${process.pid}`, build: 'test' });
let request = 0;

/** Takes one request after the other; the records of a request wait for each other. */
async function work(): Promise<void> {
  while (request < Number(requests)) {
    request += 1;
    const correlation_id = `${process.pid}-${request}`;
    for (let n = 1; n <= Number(each); n += 1)
      await audit.record({ type: 'request_received', correlation_id, summary: `${n} of ${each}` });
  }
}

await new Promise((resolve) => setTimeout(resolve, Math.max(0, Number(barrier) - Date.now() - 20)));
while (Date.now() < Number(barrier));
if (chains !== '0') await fixChains(opened, Number(chains));
const began = performance.now();
await Promise.all(Array.from({ length: Number(atOnce) }, work));
const seconds = (performance.now() - began) / 1000;
await opened.close();
process.stdout.write(`${JSON.stringify({ ...counts, seconds })}\n`);
