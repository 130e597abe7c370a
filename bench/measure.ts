import type { LoadJob, LoadResult } from './load.ts';
import { ratios, spread, type Worker, write } from './rounds.ts';

export interface Usage {
  cpuUs: number;
  rssMb: number;
  pending: number;
}

export interface Figures {
  /** Requests a second, all that follows from them done. */
  rate: number;
  /** CPU of the server for one request and all that follows from it, µs. */
  cpuUs: number;
  /** ms, 32 under way */
  p99: number;
  /** ms, one at a time */
  p50Alone: number;
  rssMb: number;
}

interface Plan extends Omit<LoadJob, 'from' | 'count' | 'connections' | 'gapMs'> {
  warm: number;
  alone: number;
  count: number;
}

const WIDTH = 32;
/** Between two requests of the unloaded case: what followed from the one before is over. */
export const GAP_MS = 25;

/** Warm-up, one at a time, then 32 at a time. A status other than 200 ends the bench: then something else was measured. */
export async function measure(server: Worker, load: Worker, { warm, alone, count, ...job }: Plan): Promise<Figures> {
  let from = 0;
  const send = async (requests: number, connections: number, gapMs?: number): Promise<LoadResult> => {
    const result = await load.ask<LoadResult>({ ...job, from, count: requests, connections, gapMs });
    from += requests;
    if (Object.keys(result.statuses).join() !== '200') throw new Error(`answers: ${JSON.stringify(result.statuses)}`);
    return result;
  };
  await send(warm, WIDTH);
  await server.ask({ settle: true });
  const single = await send(alone, 1, GAP_MS);
  const before = await server.ask<Usage>({ settle: true });
  const began = performance.now();
  const many = await send(count, WIDTH);
  const after = await server.ask<Usage>({ settle: true });
  return {
    rate: count / ((performance.now() - began) / 1000),
    cpuUs: (after.cpuUs - before.cpuUs) / count,
    p99: many.p99,
    p50Alone: single.p50,
    rssMb: after.rssMb,
  };
}

/** One line a variant; the first one is what the others are measured against. */
export function report(found: readonly { name: string; figures: readonly Figures[] }[]): void {
  const base = found[0]?.figures ?? [];
  const of = (figures: readonly Figures[], key: keyof Figures) => figures.map((one) => one[key]);
  write('| what | CPU µs a request | × | done a second | × | p50 alone, ms | p99 of 32, ms | RSS, MB |');
  write('|---|---|---|---|---|---|---|---|');
  for (const { name, figures } of found) {
    const times = (key: 'cpuUs' | 'rate') => spread(ratios(of(figures, key), of(base, key)), 2);
    const [cpu, rate] = [spread(of(figures, 'cpuUs')), spread(of(figures, 'rate'))];
    const rest = [spread(of(figures, 'p50Alone'), 2), spread(of(figures, 'p99'), 1), spread(of(figures, 'rssMb'))];
    write(`| ${[name, cpu, times('cpuUs'), rate, times('rate'), ...rest].join(' | ')} |`);
  }
}
