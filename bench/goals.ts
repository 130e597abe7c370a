import { median, write } from './rounds.ts';

/** One goal: what is measured, in which unit, the limit that must hold and the one that would be great. */
interface Goal {
  words: string;
  /** `at-least`: the more the better; `at-most`: the less the better. */
  direction: 'at-least' | 'at-most';
  must: number;
  great: number;
  unit: string;
}

const atLeast = (words: string, must: number, great: number, unit = 'x'): Goal => ({
  ...{ words, must, great, unit },
  direction: 'at-least',
});
const atMost = (words: string, must: number, great: number, unit = 'x'): Goal => ({
  ...{ words, must, great, unit },
  direction: 'at-most',
});

/** The goals, once. A number with a letter is one of several that a goal has. */
export const goals = {
  P1: atLeast('Slack proposals a second against the bare ack of Bolt', 0.8, 1.2),
  P2a: atMost('CPU of a Slack proposal against the bare ack of Bolt', 1.2, 0.7),
  P2b: atMost('CPU of a command that changes nothing against the bare ack of Bolt', 0.8, 0.5),
  P3: atMost('lone ack beyond that of Bolt, p50, in syncs of the disk', 2, 1, ' syncs'),
  P4: atLeast('Teams proposals a second against a botbuilder echo, tokens checked', 1, 2),
  P5a: atLeast('the same against a teams.apps echo, nobody checked', 0.8, 1.5),
  P5b: atLeast('the same against an agents-hosting echo, nobody checked', 0.8, 1.5),
  P5c: atLeast('the same against a Chat SDK echo, nobody checked', 1.5, 3),
  P6a: atLeast('durable transitions a second, one at a time, against append and fdatasync', 0.8, 1),
  P6b: atMost('syncs of the disk for one of them, those of checkpoints included', 1.05, 1.05, ''),
  P7: atLeast('durable transitions a second, 64 in flight, against append and fdatasync', 5, 15),
  P8: atMost(
    'p99 of a request that writes nothing while 16 approvals commit and each sync takes 5 ms more',
    20,
    2,
    ' ms',
  ),
  P9: atMost('CPU of a proposal with 200 tools against 1', 1.5, 1.05),
  P10a: atMost('create, get and decide with 1M changes pending against 1k', 3, 2),
  P10b: atMost('lists of 50 with 1M changes pending against 1k', 1.5, 1.1),
  P11a: atMost('time to ready with 1M changes pending beyond an empty store', 1000, 20, ' ms'),
  P11b: atMost('memory with 1M changes pending beyond an empty store', 50, 5, ' MB'),
  P12a: atLeast('cards of 40 elements a second against a kept Template.expand, same output', 1, 10),
  P12b: atMost('time a further row takes on a long card against a short one (1 is linear)', 1.25, 1.05),
  P13a: atMost('process start to the first signed ack of Slack against Bolt, unbundled', 1, 0.5),
  P13b: atMost('the same against bare node:http', Number.POSITIVE_INFINITY, 1.7),
  P14: atMost('process start to the first reply in Teams against botbuilder, unbundled', 1, 0.5),
  P15a: atMost('memory of the idle process against Bolt', 1.2, 0.9),
  P15b: atMost('memory with everything used once', 200, 130, ' MB'),
  P16a: atMost('SDK calls for one transition on DynamoDB', 3, 2, ''),
  P16b: atMost('SDK clients built for one call', 0, 0, ''),
  P17a: atMost('key sets fetched for 32 cold requests of Teams', 1, 1, ''),
  P17b: atMost('auth.test for each request of Slack', 1, 0, ''),
  P18a: atMost('p99 of the ack while 1,000 calls of a model or of AWS hang for 30 s', 100, 10, ' ms'),
  P18b: atMost('heap for each of them', 100, 30, ' kB'),
  P19: atMost('memory after 10⁶ events against after 10⁵', 1.3, 1.1),
  P20a: atMost('job handed in until it starts, without Redis, p50, against BullMQ', 1, 1),
  P20b: atMost('the same', Number.POSITIVE_INFINITY, 0.1, ' ms'),
  P21a: atLeast('REST reads a second against a bare handler of fastify, zod and SQLite', 0.3, 0.6),
  P21b: atLeast('REST proposals a second against the same', 0.2, 0.5),
} as const satisfies Record<string, Goal>;

export type GoalId = keyof typeof goals;

type Verdict = 'great' | 'reached' | 'missed';

/** What is no number was not measured, and not measured is missed. */
export function judge(id: GoalId, found: number): Verdict {
  const { direction, must, great }: Goal = goals[id];
  const holds = (limit: number) => (direction === 'at-least' ? found >= limit : found <= limit);
  if (!holds(must)) return 'missed';
  return holds(great) ? 'great' : 'reached';
}

/** One line a goal, the same in every program: `bench/all.ts` collects them. Of several rounds their median is judged. */
export function tell(id: GoalId, rounds: readonly number[]): void {
  const { must, great } = limits(id);
  const verdict = judge(id, median(rounds));
  const end = verdict === 'great' ? 'reached (great)' : verdict;
  write(`${id} ${goals[id].words}: must ${must}, great ${great}, found ${shown(id, rounds)}, ${end}`);
}

/** '≤ 20 ms'; '–' where there is none. */
export function limits(id: GoalId): { must: string; great: string } {
  const { direction, must, great, unit }: Goal = goals[id];
  const sign = direction === 'at-least' ? '≥' : '≤';
  const shownLimit = (value: number) => (Number.isFinite(value) ? `${sign} ${value}${unit}` : '–');
  return { must: shownLimit(must), great: shownLimit(great) };
}

/** '18.2 ms [17..20.1]', the median first. */
export function shown(id: GoalId, rounds: readonly number[]): string {
  const range = rounds.length > 1 ? ` [${digits(Math.min(...rounds))}..${digits(Math.max(...rounds))}]` : '';
  return `${digits(median(rounds))}${goals[id].unit}${range}`;
}

/** Three that count. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return 'nothing';
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
