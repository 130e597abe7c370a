import { openDynamodbAdmin } from '../../store/dynamodb-admin.ts';
import { moto, type Suite } from '../peers/peers.ts';
import { brokenTally } from './races/outcome.ts';
import { playSharedRounds } from './races/shared-rounds.ts';
import { brokenRaces, playRaces, type RaceFigures } from './races.ts';

/** A peer that is missing ends the campaign; nothing here may be left pending. */
const suite: Suite = {
  skip() {
    throw new Error('the peer of this campaign is missing');
  },
};

const SABOTAGED_ROUNDS = 20;
/** Without conditions a round there takes ten seconds. */
const SABOTAGED_ON_DYNAMODB = 2;
/** moto looks through a table for each list. */
const ROUNDS_A_TABLE = 100;
const SABOTAGED_CHANGES = 32;
const REGION = 'eu-west-1';

const count = (number: number): string => number.toLocaleString('en-US');

/** The long form: `npm run campaign races -- [rounds] [seed]`: 32 people in 4 processes on one SQLite file. */
export async function campaignRaces([rounds = 10_000, seed = 2026]: readonly number[]) {
  const crowd = { seed, approvers: 32, processes: 4 };
  const figures = await playRaces({ ...crowd, rounds });
  const spoiled = await playRaces({ ...crowd, rounds: SABOTAGED_ROUNDS, sabotage: 'a store without conditions' });
  return judged(figures, spoiled, 'SQLite');
}

/** The long form: `npm run campaign races-dynamodb -- [rounds] [seed]`: 8 people in 4 processes on a table of moto, another one for each hundred rounds. */
export async function campaignRacesDynamodb([rounds = 2_000, seed = 2026]: readonly number[]) {
  const aws = await moto(suite);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = aws.url;
  const race = async (name: string, options: Pick<Parameters<typeof playRaces>[0], 'rounds' | 'seed' | 'sabotage'>) => {
    const admin = openDynamodbAdmin(name, REGION);
    await admin.create();
    await admin.close();
    return playRaces({ approvers: 8, processes: 4, dynamodb: { table: name, url: aws.url }, ...options });
  };
  const tables: RaceFigures[] = [];
  for (let left = rounds; left > 0; left -= ROUNDS_A_TABLE)
    tables.push(await race(`races-${left}`, { rounds: Math.min(left, ROUNDS_A_TABLE), seed: seed + tables.length }));
  const spoiled = await race('spoiled', {
    rounds: SABOTAGED_ON_DYNAMODB,
    seed,
    sabotage: 'a store without conditions',
  });
  await aws.stop();
  return judged(together(tables), spoiled, `DynamoDB as moto plays it, ${tables.length} tables one after the other`);
}

function together(tables: readonly RaceFigures[]): RaceFigures {
  const [first] = tables;
  if (!first) throw new Error('no rounds were played');
  const sum = (key: 'rounds' | 'mixed' | 'records' | 'approved' | 'executed' | 'unknown' | 'seconds') =>
    tables.reduce((total, one) => total + one[key], 0);
  const all = (key: 'duplicates' | 'lost' | 'unexpected' | 'miscounted') => tables.flatMap((one) => one[key]);
  return {
    ...first,
    ...{ rounds: sum('rounds'), mixed: sum('mixed'), records: sum('records'), seconds: Math.round(sum('seconds')) },
    ...{ approved: sum('approved'), executed: sum('executed'), unknown: sum('unknown') },
    ...{
      duplicates: all('duplicates'),
      lost: all('lost'),
      unexpected: all('unexpected'),
      miscounted: all('miscounted'),
    },
    chain: tables.find(({ chain }) => chain !== undefined)?.chain,
  };
}

function judged(figures: RaceFigures, spoiled: RaceFigures, store: string) {
  const { approvers, processes, approved, executed, duplicates, lost, unexpected, rounds, mixed, seed } = figures;
  const red = brokenTally(spoiled);
  const lines = [
    `executed exactly once: ${count(executed)} of ${count(approved)} approved changes, on ${store}`,
    `  duplicates ${duplicates.length}, lost ${lost.length}, unexpected ${unexpected.length} of ${count(rounds)} rounds`,
    `  ${count(rounds)} rounds of ${approvers} decisions at once by as many people in ${processes} processes; in ${count(mixed)} of them some reject`,
    `rounds in which not exactly one press was counted: ${figures.miscounted.length} of ${count(rounds)}`,
    `audit chain: ${figures.chain ?? 'whole'}, ${count(figures.records)} records`,
    `seed ${seed}, ${figures.seconds} s, a fake AWS with a synced log of its own`,
    `with a store without conditions: ${red.length} of ${spoiled.rounds} changes wrong, ${spoiled.seconds} s`,
    ...brokenRaces(figures)
      .slice(0, 20)
      .map((line) => `  ${line}`),
  ];
  return { lines, held: brokenRaces(figures).length === 0 && red.length > 0 };
}

/** The long form: `npm run campaign races-redis -- [changes] [seed]`: four processes share their rounds on a Redis that is killed and emptied. */
export async function campaignRacesRedis([changes = 2_000, seed = 2026]: readonly number[]) {
  const figures = await playSharedRounds(suite, { seed, changes });
  const sabotage = { seed, changes: SABOTAGED_CHANGES, sabotage: 'a store without conditions' } as const;
  const spoiled = await playSharedRounds(suite, sabotage);
  const { approved, executed, duplicates, lost, unexpected, faults, interrupted, unknown, chain } = figures;
  const broken = [...brokenTally(figures), ...(chain === undefined ? [] : [`the chain is broken: ${chain}`])];
  const red = brokenTally(spoiled);
  const lines = [
    `executed exactly once: ${count(executed)} of ${count(approved)} approved changes, four processes on SQLite and Redis`,
    `  duplicates ${duplicates.length}, lost ${lost.length}, unexpected ${unexpected.length}; reported as unknown ${unknown}`,
    `  killed during their call: ${interrupted}; CloudTrail told of them afterwards`,
    ...[...faults].map(([name, times]) => `  ${name}: ${times}`),
    `audit chain: ${chain ?? 'whole'}`,
    `seed ${seed}, ${figures.seconds} s, a fake AWS with a synced log of its own`,
    `with a store without conditions: ${red.length} of ${spoiled.changes} changes wrong, ${spoiled.seconds} s`,
    ...broken.slice(0, 20).map((line) => `  ${line}`),
  ];
  return { lines, held: broken.length === 0 && red.length > 0 };
}
