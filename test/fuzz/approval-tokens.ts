import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { CALLS, createHouse, decide, propose } from '../approvals/house.ts';
import { changedToken, count, type DoorReport, emptyReport } from './report.ts';

/** Guesses at one token; then it is used, and used again. */
const GUESSES = 400;

const WRITTEN: readonly ((token: string) => string)[] = [
  (token) => `${token} `,
  (token) => ` ${token}`,
  (token) => token.toUpperCase(),
  (token) => token.toLowerCase(),
  (token) => `${token}=`,
  (token) => `${token}\u0000`,
  (token) => encodeURIComponent(`${token}+`),
  (token) => token.replace('approve-', ''),
  (token) => `${token}${token}`,
  () => '',
];

/** Approvals by tokens that were guessed, changed, written another way or used before; each real one once. */
export async function fuzzApprovalTokens(seed: number, guesses: number): Promise<DoorReport> {
  const random = seeded(seed);
  const report = emptyReport();
  while (report.sent < guesses) await guessAt(random, report, Math.min(GUESSES, guesses - report.sent));
  return report;
}

async function guessAt(random: Random, report: DoorReport, guesses: number): Promise<void> {
  const house = await createHouse();
  const { token } = await propose(house, CALLS.medium);
  for (let number = 0; number < guesses; number += 1) {
    const guess = random.below(10) === 0 ? random.pick(WRITTEN)(token) : changedToken(token, random);
    // A token that has no capital letter is itself in small letters.
    if (guess !== token) await present(house, report, guess, false);
  }
  await present(house, report, token, true);
  await present(house, report, token, false);
  if (house.aws.writes.length !== 1) report.wrong.push(`AWS was called ${house.aws.writes.length} times`);
  await house.gate.idle();
  await house.store.close();
}

async function present(
  house: Awaited<ReturnType<typeof createHouse>>,
  report: DoorReport,
  token: string,
  isGood: boolean,
) {
  const { status } = await decide(house, 'dave', token);
  count(report, `token ${JSON.stringify(token)}`, isGood, status === 'done' || status === 'pending');
}
