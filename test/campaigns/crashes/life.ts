import { checkpointFile } from '../../../approvals/checkpoint-file.ts';
import { readSigningKey } from '../../../approvals/checkpoint-keys.ts';
import { createCheckpointer } from '../../../approvals/checkpointer.ts';
import { createDesk } from '../../../approvals/desk.ts';
import { createGate } from '../../../approvals/gate.ts';
import type { Channel } from '../../../bot/channel.ts';
import { createDispatcher } from '../../../bot/dispatcher.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { newId } from '../../../lib/ids.ts';
import { silentLog } from '../../../lib/log.ts';
import { openStore } from '../../../store/open.ts';
import { callerAs, liveParts } from '../../e2e/workers/live-gate.ts';
import { deathAt, die } from './die.ts';
import { LifePlan } from './life-plan.ts';
import { spoil } from './sabotage.ts';
import { appendSynced } from './synced-log.ts';

/**
 * One process's life: takes up what the one before left, lets people press again what was not answered, then changes of its own from
 * proposal to chat, and a shutdown. Somewhere on this way it is killed. Started with its `LifePlan`; tells `recovered` over IPC.
 */
const plan = LifePlan.parse(JSON.parse(process.argv[2] ?? ''));
const death = deathAt(plan.point);
const clock: Clock = { ...systemClock, now: () => Date.now() + plan.aheadMs };
const log = silentLog;
const store = death.store(await openStore(plan.uri, { clock: death.clockOfStore(clock), log }));
let stopAtCall = false;
const parts = liveParts({
  ...{ store, clock, policyFile: plan.policyFile, endpointUrl: plan.aws },
  spoolPath: `${plan.said}.outcomes.jsonl`,
  crash(point) {
    if (stopAtCall && point === 'P6') void stop();
    death.crash(point);
  },
});
parts.audit = death.audit(parts.audit);
const { catchUp } = spoil(parts, plan.sabotage);
const gate = createGate(parts);
const desk = createDesk(parts, () => '');
const channels = new Map(['race', 'web'].map((name) => [name, death.channel(chat(name))]));
const dispatcher = createDispatcher({ store, clock, log, desk, channels });
parts.changed = (id) => dispatcher.wake(id);
const key = readSigningKey(plan.key);
const place = death.place(checkpointFile(plan.checkpoints));
const trail = createCheckpointer({ store, clock, log, node: `life/${process.pid}`, signer: async () => key, place });

function chat(name: string): Channel {
  return {
    name,
    start: async () => {},
    async post(to, view) {
      appendSynced(plan.chat, { channel: name, kind: view.kind, title: view.title });
      return { channel: name, conversation: to.id, message: newId('m') };
    },
    update: async () => {},
    whisper: async () => {},
    progress: () => {},
    stop: async () => {},
  };
}

/** Nothing needs more; without an intent the same change would be taken up for ever. */
const MOST_SWEEPS = 6;

/** Until nothing is left that this process could take up now. */
async function recover(): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  let left = true;
  for (let n = 0; n < MOST_SWEEPS && left; n += 1) {
    const { lost, started, spooled } = await gate.sweep(signal);
    left = lost + started + spooled > 0;
  }
  await catchUp();
  await dispatcher.flush();
  process.send?.('recovered');
}

/** Both vote; whose vote is there already is told so. */
async function vote(approvalId: string): Promise<void> {
  for (const person of ['bob@example.com', 'dave@example.com']) {
    const { status } = await gate.decide({ verdict: 'approve', by: { approvalId } }, callerAs(person));
    if (status !== 'denied') appendSynced(plan.said, { change: approvalId, said: 'voted' });
    await catchUp();
  }
}

async function change(n: number): Promise<void> {
  const instance_id = `i-f${(plan.life * 1_000 + n).toString(16).padStart(14, '0')}00`;
  const call = { tool: 'reboot_ec2', input: { instance_id, reason: 'it hangs' } };
  const asked = await gate.submit(call, callerAs('alice@example.com'));
  if (asked.status !== 'pending') throw new Error(`not pending: ${JSON.stringify(asked.view)}`);
  appendSynced(plan.said, { change: asked.approvalId, said: 'proposed' });
  await dispatcher.flush();
  if (plan.point === 'P12') stopAtCall = true;
  await vote(asked.approvalId);
  await gate.idle();
  await dispatcher.flush();
}

async function stop(): Promise<void> {
  const stopped = Promise.all([gate.stop(), dispatcher.stop()]);
  // Somewhere in the call, before it or after it.
  if (plan.point === 'P12') setTimeout(die, plan.life % 20);
  await stopped;
}

await recover();
death.arm();
const { rows: waiting } = await desk.approvals({ state: 'pending', limit: 100 });
for (const { id } of waiting) await vote(id);
for (let n = 0; n < plan.changes; n += 1) await Promise.all([change(3 * n), change(3 * n + 1), change(3 * n + 2)]);
if (plan.point !== undefined) await change(999);
await trail.seal(10_000);
await stop();
await dispatcher.flush();
await store.close();
process.exit(0);
