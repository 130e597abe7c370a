import { type Approval, approvalKind } from '../../../approvals/approval.ts';
import { auditKind, CHAIN } from '../../../approvals/audit-record.ts';
import type { TurnResult } from '../../../bot/turn.ts';
import type { Stored } from '../../../store/store.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import type { Bench, Moment } from './bench.ts';

export type Verdict = { is: 'correct' | 'refused' } | { is: 'wrong'; because: string };

const REBOOT = `ec2 reboot ${known.sickInstance} because it hangs`;
const MINUTE_MS = 60_000;
const signal = (): AbortSignal => new AbortController().signal;

/** Alice asks, Dave approves, something breaks in between and is well again later. What came of it, and what were they told? */
export async function play(bench: Bench, moment: Moment): Promise<Verdict> {
  const { house } = bench;
  if (moment === 'asked') bench.break();
  const asked = await house.say('alice', REBOOT);
  if (moment === 'approved') bench.break();
  if (moment === 'called') breakWhenCalled(bench);
  const [row] = await changes(bench);
  const decided = row && asked.outcome === 'pending' ? await approve(bench, row) : undefined;
  await house.settle();
  await bench.heal();
  const soon = await changes(bench);
  await rest(bench);
  return judge(bench, { asked, decided, soon });
}

function breakWhenCalled(bench: Bench): void {
  const { aws } = bench.house;
  const { onWrite } = aws;
  aws.onWrite = () => {
    bench.break();
    return onWrite();
  };
}

const approve = ({ house }: Bench, { id, value }: Stored<Approval>): Promise<TurnResult> =>
  house.press('dave', { approvalId: id, digest: value.digest });

async function changes({ raw }: Bench): Promise<Stored<Approval>[]> {
  return (await raw.query(approvalKind, { index: 'by_update', partition: 'all', limit: 10 })).rows;
}

/** Half an hour goes by; whatever was left is taken up, and what is to be said is said. */
async function rest({ house }: Bench): Promise<void> {
  for (let times = 0; times < 6; times += 1) {
    house.setNow(house.clock.now() + 5 * MINUTE_MS);
    await house.gate.sweep(signal());
    await house.gate.idle();
    await house.settle();
  }
}

interface Told {
  asked: TurnResult;
  decided: TurnResult | undefined;
  /** As it stood when all was well again, before anything was taken up. */
  soon: readonly Stored<Approval>[];
}

const OPEN = ['pending', 'approved', 'executing'];
const DONE = /\bsucceeded\b|Done\b|Rebooting|initiated/i;
const DENIED = /nothing was (?:changed|called|sent)|not executed|was not made/i;

/** AWS, the store and what people were told have to agree. */
async function judge(bench: Bench, { asked, decided, soon }: Told): Promise<Verdict> {
  const because = [
    ...(await faultsOfCall(bench)),
    ...(await faultsOfEnd(bench)),
    ...faultsOfWords(bench, { asked, decided, soon }),
    ...(await bench.wrong()),
  ];
  if (because.length > 0) return { is: 'wrong', because: because.join('; ') };
  return { is: decided && bench.house.aws.writes.length > 0 ? 'correct' : 'refused' };
}

async function faultsOfCall({ house, raw }: Bench): Promise<string[]> {
  const { writes } = house.aws;
  const page = await raw.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 });
  const intents = page.rows.filter(({ value }) => value.type === 'change_intent');
  return [
    ...(writes.length > 1 ? [`AWS was called ${writes.length} times`] : []),
    ...(writes.length > intents.length ? ['AWS was called without its record'] : []),
  ];
}

async function faultsOfEnd(bench: Bench): Promise<string[]> {
  const rows = await changes(bench);
  return rows.flatMap(({ value: { state } }) => {
    if (OPEN.includes(state)) return [`it is still ${state} half an hour later`];
    if (state === 'succeeded' && bench.applied === 0) return ['it counts as done and AWS did nothing'];
    if (bench.applied > 0 && !['succeeded', 'unknown', 'closed_unknown'].includes(state))
      return [`it counts as ${state} and AWS did it`];
    return [];
  });
}

function faultsOfWords({ applied }: Bench, { asked, decided, soon }: Told): string[] {
  const states = soon.map(({ value }) => value.state);
  const isDone = states.includes('succeeded') && applied > 0;
  const found: string[] = [];
  if (asked.outcome === 'pending' && soon.length === 0) found.push('it was said to wait, and is nowhere');
  if (decided?.outcome === 'done' && !isDone) found.push(`Dave was told done, and it is ${states.join()}`);
  if (decided?.outcome === 'failed' && DONE.test(firstLine(decided.text))) found.push('a failure reads like a success');
  if (applied > 0 && decided && DENIED.test(decided.text)) found.push('Dave was told that nothing was done');
  return found;
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
