import { seeded } from '../adapters/slack/seeded.ts';
import { said } from '../adapters/teams/activities.ts';
import { forgedTokens } from '../adapters/teams/forgeries.ts';
import { teamsPerson } from '../adapters/teams/people.ts';
import { startTeams } from '../adapters/teams/teams-house.ts';
import { changedToken, count, type DoorReport, emptyReport } from './report.ts';

const GROUP = '19:fuzz@thread.v2';
const atOnce = 16;
/** A good token among so many, so that a door that refuses everything is noticed. */
const goodEvery = 50;

/** Every kind of forged token, then so many good ones with one to four characters changed; good ones in between. */
export async function fuzzTokens(seed: number, tokens: number): Promise<DoorReport> {
  const random = seeded(seed);
  const house = await startTeams();
  const serviceUrl = house.connector.serviceUrl;
  house.connector.add(GROUP, 'groupChat', [teamsPerson('alice@example.com')]);
  const activity = (text: string) =>
    said(teamsPerson('alice@example.com'), { id: GROUP, type: 'groupChat' }, serviceUrl, text);
  const report = emptyReport();

  const send = async (what: string, body: unknown, authorization: string | string[] | undefined, good: boolean) => {
    const { status } = await house.sends(body, authorization === undefined ? {} : { authorization });
    count(report, what, good, status === 200);
    if (status >= 500) report.wrong.push(`${what}: answered ${status}`);
  };

  const target = { issuer: house.issuer, serviceUrl, activity: activity('forged'), evilUrl: 'http://127.0.0.1:9/' };
  for (const { name, authorization, activity: body } of forgedTokens(target))
    await send(name, body, authorization, false);
  for (let number = 0; number < tokens; number += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, tokens - number) }, (_, index) => {
      const good = (number + index) % goodEvery === 0;
      const token = house.issuer.token(serviceUrl);
      const sent = good ? token : changedToken(token, random);
      return send(`token ${number + index} of seed ${seed}`, activity(`n ${number + index}`), `Bearer ${sent}`, good);
    });
    await Promise.all(batch);
  }
  if (house.turns.length !== report.accepted)
    report.wrong.push(`${house.turns.length} turns of ${report.accepted} accepted`);
  await house.close();
  return report;
}
