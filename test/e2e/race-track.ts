import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Approval, approvalKind } from '../../approvals/approval.ts';
import { type ChainReport, verifyChain } from '../../approvals/audit-verify.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import { type Reboot, startOracle } from './aws-oracle.ts';
import { childEnv, install } from './opsagent.ts';

const program = fileURLToPath(new URL('workers/approver.ts', import.meta.url));

/** Limits that a race of a thousand changes an hour does not touch; nothing else differs from the default. */
export const RACE_POLICY = `limits: {per_hour: 1000000, concurrent: 20, cooldown_minutes: 0, pending_per_person: 100}`;

export const Proposed = z.object({ id: z.string(), token: z.string(), digest: z.string() });
export type Proposed = z.output<typeof Proposed>;

export const Decided = z.object({ status: z.enum(['done', 'pending', 'denied', 'failed']), text: z.string() });
export type Decided = z.output<typeof Decided>;

export type Act =
  | { do: 'propose'; instance: string; reason: string }
  | { do: 'decide'; verdict: 'approve' | 'reject'; by: { token: string } | { approvalId: string; digest: string } }
  | { do: 'approve and leave'; token: string }
  | { do: 'record'; times: number }
  | { do: 'sweep'; laterMs: number }
  | { do: 'take rounds'; redis: string; everyMs: number };

export interface Runner {
  /** Does it at `at`, epoch ms, or at once. */
  act(as: string, act: Act, at?: number): Promise<unknown>;
  signal(name: NodeJS.Signals): void;
}

/** Two processes, one store file, one AWS; each is a process of its own. */
export interface Track {
  runners: readonly [Runner, Runner];
  /** One more process. */
  join(): Promise<Runner>;
  /** The file of the store, and of the outcomes that it could not take. */
  storePath: string;
  spoolPath: string;
  reboots(): Reboot[];
  approval(id: string): Promise<Approval>;
  chain(): Promise<ChainReport>;
  stop(): Promise<void>;
}

interface TrackOptions {
  careless?: boolean;
  holdMs?: number;
  /** A table that is there, and where it is, instead of a file. */
  dynamodb?: { table: string; url: string };
}

export async function openTrack({ careless = false, holdMs = 10, dynamodb }: TrackOptions = {}): Promise<Track> {
  const house = install();
  const policy = house.path('policy.yaml');
  writeFileSync(policy, RACE_POLICY);
  const storePath = house.path('race.db');
  const uri = dynamodb ? `dynamodb:${dynamodb.table}` : `sqlite:${storePath}`;
  const store = await openStore(uri, { clock: systemClock, log: silentLog, region: 'eu-west-1' });
  const oracle = await startOracle(house.path('aws.jsonl'), holdMs);
  const args = [uri, policy, oracle.url, careless ? 'careless' : ''];
  const sdk = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing', AWS_REGION: 'eu-west-1' };
  const env = childEnv({ ...sdk, ...(dynamodb && { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url }) });
  const children: ChildProcess[] = [];
  const join = async (): Promise<Runner> => {
    const child = fork(program, args, { env, cwd: house.path('.') });
    children.push(child);
    await isReady(child);
    return runner(child);
  };
  return {
    runners: await Promise.all([join(), join()]),
    join,
    storePath,
    spoolPath: `${storePath}.outcomes.jsonl`,
    reboots: oracle.reboots,
    async approval(id) {
      const row = await store.get(approvalKind, id);
      if (!row) throw new Error(`there is no ${id}`);
      return row.value;
    },
    chain: () => verifyChain(store),
    async stop() {
      await Promise.all(children.map(leave));
      await oracle.stop();
      await store.close();
      house.remove();
    },
  };
}

async function isReady(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit').then(() => Promise.reject(new Error('the process ended before it was ready')));
  await Promise.race([once(child, 'message'), gone]);
  gone.catch(() => undefined);
}

const Reply = z.union([
  z.object({ n: z.number(), result: z.unknown() }),
  z.object({ n: z.number(), error: z.string() }),
]);

function runner(child: ChildProcess): Runner {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let n = 0;
  child.on('message', (message) => {
    const reply = Reply.parse(message);
    const settle = waiting.get(reply.n);
    waiting.delete(reply.n);
    if ('error' in reply) settle?.reject(new Error(reply.error));
    else settle?.resolve(reply.result);
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the process ended'));
  });
  return {
    signal: (name) => void child.kill(name),
    act(as, act, at = 0) {
      n += 1;
      const settle = Promise.withResolvers<unknown>();
      waiting.set(n, settle);
      child.send({ n, at, as, act });
      return settle.promise;
    },
  };
}

async function leave(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
