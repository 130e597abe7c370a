import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { said } from '../adapters/teams/activities.ts';
import { forgedTokens } from '../adapters/teams/forgeries.ts';
import { teamsPerson } from '../adapters/teams/people.ts';
import { startTeams } from '../adapters/teams/teams-house.ts';

const GROUP = '19:fuzz@thread.v2';
const atOnce = 16;
/** A good token among so many, so that a door that refuses everything is noticed. */
const goodEvery = 50;

export interface TokenReport {
  sent: number;
  good: number;
  accepted: number;
  wrong: string[];
}

/** Every kind of forged token, then `count` good ones with one to four characters changed; good ones in between. */
export async function fuzzTokens(seed: number, count: number): Promise<TokenReport> {
  const random = seeded(seed);
  const house = await startTeams();
  const serviceUrl = house.connector.serviceUrl;
  house.connector.add(GROUP, 'groupChat', [teamsPerson('alice@example.com')]);
  const activity = (text: string) =>
    said(teamsPerson('alice@example.com'), { id: GROUP, type: 'groupChat' }, serviceUrl, text);
  const report: TokenReport = { sent: 0, good: 0, accepted: 0, wrong: [] };

  const send = async (what: string, body: unknown, authorization: string | string[] | undefined, good: boolean) => {
    const { status } = await house.sends(body, authorization === undefined ? {} : { authorization });
    report.sent += 1;
    report.good += Number(good);
    report.accepted += Number(status === 200);
    if ((status === 200) !== good || status >= 500) report.wrong.push(`${what}: answered ${status}`);
  };

  const target = { issuer: house.issuer, serviceUrl, activity: activity('forged'), evilUrl: 'http://127.0.0.1:9/' };
  for (const { name, authorization, activity: body } of forgedTokens(target))
    await send(name, body, authorization, false);
  for (let number = 0; number < count; number += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - number) }, (_, index) => {
      const good = (number + index) % goodEvery === 0;
      const token = house.issuer.token(serviceUrl);
      const sent = good ? token : changed(token, random);
      return send(`token ${number + index} of seed ${seed}`, activity(`n ${number + index}`), `Bearer ${sent}`, good);
    });
    await Promise.all(batch);
  }
  if (house.turns.length !== report.accepted)
    report.wrong.push(`${house.turns.length} turns of ${report.accepted} accepted`);
  await house.close();
  return report;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ';

/** Never the token itself. */
function changed(token: string, random: Random): string {
  let other = token;
  while (other === token) {
    for (let times = random.below(4); times >= 0; times -= 1) {
      const at = random.below(other.length);
      const letter = random.pick(LETTERS.split(''));
      const keep = random.below(3);
      other = `${other.slice(0, at)}${keep === 0 ? '' : letter}${other.slice(keep === 1 ? at : at + 1)}`;
    }
  }
  return other.trim() === token ? changed(token, random) : other;
}
