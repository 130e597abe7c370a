import { decodeJwt } from 'jose';
import type { Bearer } from '../../adapters/http/bearer.ts';
import { bearerOf, startFacade } from '../adapters/http/facade.ts';
import { startIssuer } from '../adapters/http/issuer.ts';
import { forgedTokens } from '../adapters/http/token-forgeries.ts';
import { seeded } from '../adapters/slack/seeded.ts';
import { changedToken, count, type DoorReport, emptyReport } from './report.ts';

const atOnce = 16;
/** A good token among so many, so that a door that refuses everything is noticed. */
const goodEvery = 50;
const NOWHERE = 'http://127.0.0.1:9/';

/** A door that reads tokens and checks nothing of them. */
const believingAll: Bearer = {
  async check(token) {
    try {
      return { state: 'proven', email: String(decodeJwt(token).email) };
    } catch {
      return { state: 'refused', because: 'unreadable', next: '', detail: '' };
    }
  },
};

/** Every kind of forged token, then so many good ones with one to four characters changed; good ones in between. */
export async function fuzzBearer(seed: number, tokens: number, unchecked = false): Promise<DoorReport> {
  const random = seeded(seed);
  const issuer = await startIssuer();
  const facade = await startFacade({ bearer: unchecked ? believingAll : bearerOf(issuer.issuer) });
  const report = emptyReport();

  const send = async (what: string, authorization: string | string[] | undefined, good: boolean) => {
    const { status } = await facade.ask(authorization === undefined ? {} : { authorization });
    count(report, what, good, status === 200);
    if (status >= 500) report.wrong.push(`${what}: answered ${status}`);
  };

  for (const [name, authorization] of Object.entries(forgedTokens(issuer, NOWHERE)))
    await send(name, authorization, false);
  for (let number = 0; number < tokens; number += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, tokens - number) }, (_, index) => {
      const good = (number + index) % goodEvery === 0;
      const token = issuer.token();
      return send(
        `token ${number + index} of seed ${seed}`,
        `Bearer ${good ? token : changedToken(token, random)}`,
        good,
      );
    });
    await Promise.all(batch);
  }
  if (facade.speakers.length !== report.accepted)
    report.wrong.push(`${facade.speakers.length} speakers of ${report.accepted} accepted`);
  await facade.close();
  await issuer.close();
  return report;
}
