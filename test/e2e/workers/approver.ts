import { z } from 'zod';
import { approvalKind } from '../../../approvals/approval.ts';
import { createGate } from '../../../approvals/gate.ts';
import { renderText } from '../../../cards/text/render.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { newCorrelationId } from '../../../lib/ids.ts';
import { silentLog } from '../../../lib/log.ts';
import { openStore } from '../../../store/open.ts';
import { openQueue } from '../../../store/queue/open-queue.ts';
import { careless } from './careless-store.ts';
import { callerAs, liveParts } from './live-gate.ts';

/**
 * A process with a gate of its own on a shared store: proposes, decides and sweeps as it is told over IPC, at the moment it is told.
 * Started with the store, the policy file, the URL of AWS, and `careless` to break the store on purpose.
 */
const [uri = '', policyFile = '', endpointUrl = '', care = ''] = process.argv.slice(2);

const Job = z.object({
  n: z.number(),
  /** Epoch ms: the barrier. Everybody spins until then. */
  at: z.number(),
  as: z.string(),
  act: z.discriminatedUnion('do', [
    z.object({ do: z.literal('propose'), instance: z.string(), reason: z.string() }),
    z.object({
      do: z.literal('decide'),
      verdict: z.enum(['approve', 'reject', 'cancel']),
      by: z.union([z.object({ token: z.string() }), z.object({ approvalId: z.string(), digest: z.string() })]),
    }),
    /** Approves, and stops as if it had died after the vote: the change stays approved and nobody executes it. */
    z.object({ do: z.literal('approve and leave'), token: z.string() }),
    /** Writes so many audit records at once. */
    z.object({ do: z.literal('record'), times: z.number() }),
    /** Takes up what is left, as seen `laterMs` from now. */
    z.object({ do: z.literal('sweep'), laterMs: z.number() }),
    /** From now on takes part in the sweeps that processes on one Redis share. */
    z.object({ do: z.literal('take rounds'), redis: z.string(), everyMs: z.number() }),
  ]),
});
type Job = z.output<typeof Job>;

let skewMs = 0;
let leave = false;
const clock: Clock = { ...systemClock, now: () => Date.now() + skewMs };
const log = silentLog;
const opened = await openStore(uri, { clock, log });
const store = care === 'careless' ? careless(opened) : opened;
const parts = liveParts({
  ...{ store, clock, policyFile, endpointUrl },
  spoolPath: `${uri.replace(/^sqlite:/, '')}.outcomes.jsonl`,
  crash: (point) => {
    if (leave && point === 'P5') throw new Error('left on purpose');
  },
});
const { audit } = parts;
const gate = createGate(parts);

async function work({ as, act }: Job): Promise<object> {
  switch (act.do) {
    case 'propose': {
      const input = { instance_id: act.instance, reason: act.reason };
      const outcome = await gate.submit({ tool: 'reboot_ec2', input }, callerAs(as));
      if (outcome.status !== 'pending') throw new Error(renderText(outcome.view, { width: 100, color: false }));
      const row = await store.get(approvalKind, outcome.approvalId);
      return { id: outcome.approvalId, token: outcome.token, digest: row?.value.digest };
    }
    case 'decide': {
      const reason = act.verdict === 'reject' ? 'not now' : undefined;
      const outcome = await gate.decide({ verdict: act.verdict, by: act.by, reason }, callerAs(as));
      await gate.idle();
      return { status: outcome.status, text: renderText(outcome.view, { width: 100, color: false }) };
    }
    case 'approve and leave': {
      leave = true;
      await gate.decide({ verdict: 'approve', by: { token: act.token } }, callerAs(as));
      leave = false;
      return {};
    }
    case 'record': {
      const fact = { type: 'request_received' as const, correlation_id: newCorrelationId(), summary: 'one of many' };
      await Promise.all(Array.from({ length: act.times }, () => audit.record(fact)));
      return {};
    }
    case 'sweep':
      skewMs = act.laterMs;
      return gate.sweep(AbortSignal.timeout(60_000));
    case 'take rounds':
      await takeRounds(act.redis, act.everyMs);
      return {};
  }
}

async function takeRounds(url: string, everyMs: number): Promise<void> {
  const shared = { url, namespace: 'race', name: 'sweeps', clock: systemClock, log };
  const rounds = await openQueue({ ...shared, schema: z.strictObject({}), onLost: () => {} });
  rounds.process(async () => void (await gate.sweep(AbortSignal.timeout(60_000))));
  await rounds.schedule('sweep', everyMs, {});
}

process.on('message', (message) => {
  const job = Job.parse(message);
  while (Date.now() < job.at);
  work(job).then(
    (result) => process.send?.({ n: job.n, result }),
    (error: unknown) => process.send?.({ n: job.n, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
