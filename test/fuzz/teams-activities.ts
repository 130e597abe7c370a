import { randomUUID } from 'node:crypto';
import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { said, type Wire } from '../adapters/teams/activities.ts';
import { BOT, teamsPerson } from '../adapters/teams/people.ts';
import { startTeams } from '../adapters/teams/teams-house.ts';
import { changedToken, count, type DoorReport, emptyReport } from './report.ts';

const AT_ONCE = 16;
const GROUP = { id: '19:fuzz@thread.v2', type: 'groupChat' } as const;

/** Each makes an activity say something that its token does not vouch for. */
const FORGERIES: Readonly<Record<string, (activity: Wire, random: Random) => Wire>> = {
  'another service': (activity, random) => ({
    ...activity,
    serviceUrl: random.pick([
      'https://smba.trafficmanager.net/emea/',
      'http://169.254.169.254/',
      'http://127.0.0.1:9/',
      '',
    ]),
  }),
  'a changed service': (activity, random) => ({
    ...activity,
    serviceUrl: changedToken(String(activity.serviceUrl), random),
  }),
  'another tenant': (activity) => inTenant(activity, randomUUID()),
  'a changed tenant': (activity, random) =>
    inTenant(activity, changedToken('72f988bf-0000-4000-8000-000000000001', random)),
  'no tenant': (activity) => inTenant(activity, undefined),
  'another bot': (activity) => ({ ...activity, recipient: { id: `28:${randomUUID()}`, name: 'OpsAgent' } }),
  'a changed bot': (activity, random) => ({
    ...activity,
    recipient: { id: changedToken(BOT, random), name: 'OpsAgent' },
  }),
  'another channel': (activity, random) => ({
    ...activity,
    channelId: random.pick(['emulator', 'AseChannel', 'webchat', 'directline', 'MSTEAMS', '', 'msteams ', 'slack']),
  }),
};

function inTenant(activity: Wire, id: string | undefined): Wire {
  const conversation = { ...(activity.conversation as Wire), tenantId: id };
  return { ...activity, conversation, channelData: { tenant: { id } } };
}

/** Genuine tokens with activities that were changed, one in twenty of them as Teams sent it. */
export async function fuzzActivities(seed: number, activities: number): Promise<DoorReport> {
  const random = seeded(seed);
  const house = await startTeams();
  const { serviceUrl } = house.connector;
  const alice = teamsPerson('alice@example.com');
  house.connector.add(GROUP.id, GROUP.type, [alice]);
  const report = emptyReport();
  const send = async () => {
    const whole = said(alice, GROUP, serviceUrl, 'help');
    const isGood = random.below(20) === 0;
    const [how, forge] = random.pick(Object.entries(FORGERIES));
    const { status } = await house.sends(isGood ? whole : forge(whole, random));
    count(report, isGood ? 'as it is' : how, isGood, status === 200);
    if (status >= 500) report.wrong.push(`${how}: answered ${status}`);
  };
  for (let number = 0; number < activities; number += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, activities - number) }, send));
  if (house.turns.length !== report.accepted)
    report.wrong.push(`${house.turns.length} turns of ${report.accepted} accepted`);
  await house.close();
  return report;
}
