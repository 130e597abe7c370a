import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { openQueue } from '../../../store/queue/open-queue.ts';
import { Job } from './queue-contract.ts';

/** A worker in a process of its own: `<url> <namespace> <everyMs>`. Tells its parent of each round; ends when the parent lets go. */
const [url, namespace = '', everyMs] = process.argv.slice(2);

const queue = await openQueue({
  ...{ url, namespace, name: 'rounds', schema: Job, clock: systemClock, log: silentLog },
  onLost: () => {},
});
queue.process(async () => void process.send?.({ at: Date.now() }));
await queue.schedule('round', Number(everyMs), { n: 1 });
process.send?.('ready');
process.on('disconnect', async () => {
  await queue.close();
});
