import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the programs of a bench have in common: processes of their own, and figures as the house shows them. */
export interface Worker {
  /** One question, one answer. */
  ask<T>(question: object): Promise<T>;
  stop(): Promise<void>;
}

/** Starts `bench/<name>.ts` with arguments; it says `ready` when it may be asked. Only what a process needs is inherited. */
export function startWorker(name: string, ...args: (string | number)[]): Promise<Worker & { ready: unknown }> {
  return startWorkerIn({}, name, ...args);
}

/** The same with an environment. */
export async function startWorkerIn(
  env: Record<string, string>,
  name: string,
  ...args: (string | number)[]
): Promise<Worker & { ready: unknown }> {
  const program = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = fork(program, args.map(String), {
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = await answerOf(child);
  return {
    ready,
    async ask<T>(question: object) {
      child.send(question);
      const [answer] = await answerOf(child);
      return answer as T;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown[]> {
  const over = new AbortController();
  const { signal } = over;
  const died = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('a bench process died')));
  try {
    return await Promise.race([once(child, 'message', { signal }), died]);
  } finally {
    over.abort();
    died.catch(() => undefined);
  }
}

/** In a worker: answers questions one after the other, and ends with its parent. */
export function answering(
  ready: object,
  answer: (question: never) => Promise<object>,
  stop: () => Promise<void>,
): void {
  process.on('message', (question) => {
    void answer(question as never).then(
      (said) => process.send?.(said),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
        process.exit(1);
      },
    );
  });
  process.once('disconnect', () => void stop().finally(() => process.exit(0)));
  process.send?.(ready);
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The value below which this share of sorted values lies. */
export const share = (sorted: readonly number[], of: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN;

/** 'median [lowest..highest]' */
export function spread(values: readonly number[], digits = 0): string {
  const shown = (value: number) => value.toFixed(digits);
  return `${shown(median(values))} [${shown(Math.min(...values))}..${shown(Math.max(...values))}]`;
}

/** Round by round, so that a slow minute of the machine weighs on both. */
export const ratios = (values: readonly number[], base: readonly number[]): number[] =>
  values.map((value, round) => value / (base[round] ?? Number.NaN));

export const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** A count that is the same on every machine; `bench/all.ts` collects these lines. */
export const exact = (words: string, count: number | string): void => write(`exact: ${words}: ${count}`);

export const write = (line: string): void => void process.stdout.write(`${line}\n`);
