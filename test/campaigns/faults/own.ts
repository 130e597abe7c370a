import { auditKind, CHAIN } from '../../../approvals/audit-record.ts';
import { createAuditStream, type LinePlace } from '../../../approvals/audit-stream.ts';
import type { ModelReply } from '../../../bot/llm/model.ts';
import { modelFailure, type Why } from '../../../bot/llm/model-errors.ts';
import { withRetries } from '../../../bot/llm/retry.ts';
import type { Clock } from '../../../lib/clock.ts';
import { OpsError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/log.ts';
import { answerInTime } from '../../../store/answer-in-time.ts';
import type { Store } from '../../../store/store.ts';
import { mapAwsError } from '../../../tools/aws/errors.ts';
import { NOON } from '../../approvals/house.ts';
import { sdkError } from '../../approvals/recording-aws.ts';
import { calls, words } from '../../bot/llm/scripted-model.ts';
import { virtualClock } from '../../store/virtual-clock.ts';
import { type Dependency, type Fault, openBench } from './bench.ts';

const away = (code: 'store_unavailable' | 'store_corrupt', message: string) =>
  new OpsError(code, message, { hint: 'Wait.', retryable: code === 'store_unavailable' });

/** The same faults as a driver of a store reports them; `reset` has committed what it fails with. */
function brokenStore(store: Store, clock: Clock, what: 'all' | 'writes', fault: () => Fault | undefined): Store {
  const through: Through = async (work) => {
    switch (fault()) {
      case undefined:
        return work();
      case 'refused':
        throw away('store_unavailable', 'connect ECONNREFUSED');
      case 'hang':
        await clock.sleep(3_600_000);
        throw away('store_unavailable', 'no answer');
      case 'slow':
        await clock.sleep(2_500);
        return work();
      case 'garbage':
        throw away('store_corrupt', 'the row is not in its form');
      case 'error':
        throw away('store_unavailable', 'ThrottlingException');
      case 'reset':
        await work();
        throw away('store_unavailable', 'the connection was reset');
    }
  };
  const read = what === 'writes' ? store : { ...store, ...brokenReads(store, through) };
  return {
    get: read.get,
    query: read.query,
    places: read.places,
    transact: (writes, options) => through(() => store.transact(writes, options)),
    close: () => store.close(),
  };
}

type Through = <T>(work: () => Promise<T>) => Promise<T>;

const brokenReads = (store: Store, through: Through): Pick<Store, 'get' | 'query' | 'places'> => ({
  get: (kind, id) => through(() => store.get(kind, id)),
  query: (kind, query) => through(() => store.query(kind, query)),
  places: (kind, query) => through(() => store.places(kind, query)),
});

const storeOf = (what: 'all' | 'writes'): Dependency => ({
  name: what === 'all' ? 'store' : 'store (writes)',
  moments: ['asked', 'approved', 'called'],
  async open(fault, sabotage) {
    const clock = virtualClock(NOON);
    let current: Fault | undefined;
    const through = (inner: Store) =>
      answerInTime(
        brokenStore(inner, clock.clock, what, () => current),
        clock.clock,
      );
    const bench = await openBench({ clock, through, sabotage });
    return Object.assign(bench, {
      break() {
        current = fault;
      },
      heal() {
        current = undefined;
      },
    });
  },
});

export const store = storeOf('all');
/** Reads go on: a disk that is full, a right that was taken away. */
export const storeWrites = storeOf('writes');

/** As the SDK throws it, and whether AWS has done it all the same. */
const OF_AWS: Readonly<Record<Fault, { thrown?: Error; applied: boolean }>> = {
  refused: {
    thrown: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    applied: false,
  },
  hang: { thrown: Object.assign(new Error('aborted'), { name: 'TimeoutError' }), applied: true },
  slow: { applied: true },
  garbage: { thrown: sdkError('UnknownError', 403), applied: true },
  error: { thrown: sdkError('RequestLimitExceeded', 503), applied: false },
  reset: { thrown: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), applied: true },
};

export const aws: Dependency = {
  name: 'AWS',
  moments: ['asked', 'approved', 'called'],
  async open(fault, sabotage) {
    const bench = await openBench({ sabotage });
    const { house } = bench;
    let isBroken = false;
    house.aws.seen = (operation, output) => {
      const { thrown } = OF_AWS[fault];
      if (!isBroken || !thrown) return output;
      throw mapAwsError(thrown, { service: 'ec2', operation, access: 'read', region: 'eu-west-1' });
    };
    house.aws.onWrite = () => {
      if (!isBroken) bench.applied += 1;
      else answerWrite();
    };
    const answerWrite = () => {
      const { thrown, applied } = OF_AWS[fault];
      if (applied) bench.applied += 1;
      if (sabotage === 'sent again' && thrown) house.aws.writes.push(...house.aws.writes.slice(0, 1));
      if (thrown && sabotage !== 'an error of AWS is answered as success') throw thrown;
    };
    return Object.assign(bench, {
      break() {
        isBroken = true;
      },
      heal() {
        isBroken = false;
      },
    });
  },
};

const OF_MODEL: Readonly<Record<Exclude<Fault, 'slow' | 'hang' | 'garbage'>, Why>> = {
  ...{ refused: 'unreachable', error: 'overloaded', reset: 'cut' },
};

/** Sentences go to the model; it answers as the fault says, and once it says nonsense. */
export const model: Dependency = {
  name: 'model',
  moments: ['asked', 'approved'],
  async open(fault, sabotage) {
    const clock = virtualClock(NOON);
    let isBroken = false;
    const answer = async (abort: AbortSignal): Promise<ModelReply> => {
      if (!isBroken) return words('All is well.');
      if (fault === 'hang') await clock.clock.sleep(3_600_000, abort);
      if (fault === 'slow') await clock.clock.sleep(20_000, abort);
      if (fault === 'garbage') return calls(['reboot_ec2', '\u0000{"instance_id":'], ['rm -rf', { all: true }]);
      if (fault === 'slow' || fault === 'hang') return words('It was rebooted, all done.');
      throw modelFailure(OF_MODEL[fault]);
    };
    const reply = ({ signal }: { signal: AbortSignal }) =>
      withRetries(answer, { clock: clock.clock, log: silentLog, signal });
    const bench = await openBench({ clock, sabotage, model: { name: 'faulty test-1', warm: async () => {}, reply } });
    const told: string[] = [];
    return Object.assign(bench, {
      break() {
        isBroken = true;
      },
      async heal() {
        const { outcome, text } = await bench.house.say('alice', 'could you please have a think about the weather');
        if (outcome === 'done' || outcome === 'pending') told.push(`a broken model did something: ${text}`);
        isBroken = false;
      },
      wrong: () => told,
    });
  },
};

/** The copy of the record in CloudWatch Logs: late at worst, and never with a gap. */
export const cloudwatch: Dependency = {
  name: 'CloudWatch',
  moments: ['asked', 'approved', 'called'],
  async open(fault, sabotage) {
    const bench = await openBench({ sabotage });
    const lines: string[] = [];
    let isBroken = false;
    const place: LinePlace = {
      ...{ name: 'logs:campaign', longestLine: 200_000 },
      async append(more, abort) {
        if (isBroken && fault === 'hang') await new Promise((_, reject) => abort.addEventListener('abort', reject));
        if (!isBroken || fault === 'slow' || fault === 'reset') lines.push(...more);
        if (isBroken && fault !== 'slow') throw new Error(`CloudWatch Logs: ${fault}`);
      },
    };
    const { clock } = bench.house;
    const stream = createAuditStream({ store: bench.raw, clock, log: silentLog, place, node: 'test/1', writeMs: 30 });
    const wrong: string[] = [];
    return Object.assign(bench, {
      break() {
        isBroken = true;
      },
      async heal() {
        const problem = await stream.tick();
        if (problem === undefined && fault !== 'slow' && isBroken)
          wrong.push('nobody hears that the copy does not arrive');
        isBroken = false;
        bench.house.setNow(clock.now() + 60_000);
      },
      async wrong() {
        await stream.tick();
        const { rows } = await bench.raw.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 });
        const missing = rows.filter(({ value }) => !lines.some((line) => line.includes(value.hash)));
        return [...wrong, ...missing.map(({ value }) => `record ${value.seq} is not in the copy`)];
      },
    });
  },
};
