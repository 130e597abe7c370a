import type { Clock } from '../../lib/clock.ts';
import type { ChainState } from './console-data.ts';

const keptMs = 10_000;

export interface ChainWalk {
  /** `recent`: a result of the last 10 s will do. `fresh`: the walk begins after this call. */
  state(wanted: 'recent' | 'fresh'): Promise<ChainState>;
}

/** Reading the whole record is dear: however many ask, at most one walk is under way and one waits. */
export function createChainWalk(walk: () => Promise<ChainState>, clock: Clock): ChainWalk {
  let underWay: Promise<ChainState> | undefined;
  let waiting: Promise<ChainState> | undefined;
  let kept: { state: ChainState; at: number } | undefined;

  async function run(): Promise<ChainState> {
    const state = await walk();
    kept = { state, at: clock.now() };
    return state;
  }

  const start = (): Promise<ChainState> => {
    underWay = run().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  function afterThis(current: Promise<ChainState>): Promise<ChainState> {
    const next = () => {
      waiting = undefined;
      return start();
    };
    waiting ??= current.then(next, next);
    return waiting;
  }

  return {
    async state(wanted) {
      if (underWay) return wanted === 'fresh' ? afterThis(underWay) : underWay;
      if (waiting) return waiting;
      const age = kept ? clock.now() - kept.at : Number.POSITIVE_INFINITY;
      return wanted === 'recent' && kept && age >= 0 && age < keptMs ? kept.state : start();
    },
  };
}
