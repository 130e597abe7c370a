import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { askHealth } from '../e2e/ask-health.ts';

/** Asks for health twenty times a second, in a thread of its own: who attacks must not be what makes it slow. */
for (;;) {
  parentPort?.postMessage(await askHealth(workerData));
  await sleep(50);
}
