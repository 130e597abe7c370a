import { campaignAmbiguous } from './ambiguous.ts';
import { campaignTiming } from './api-key-timing.ts';
import { campaignAuditDown } from './audit-down.ts';
import { campaignCaptured } from './captured-model-figures.ts';
import { campaignCrashes } from './crashes-figures.ts';
import { campaignDigest } from './digest.ts';
import { campaignFaults } from './faults.ts';
import { campaignHostile } from './hostile.ts';
import { campaignInbound } from './inbound.ts';
import { campaignMutants } from './mutants.ts';
import { campaignRaces, campaignRacesDynamodb, campaignRacesRedis } from './races-figures.ts';
import { campaignReplays } from './replays.ts';
import { campaignSecrets } from './secrets.ts';
import { campaignSsrf } from './ssrf.ts';
import { campaignWalk } from './walk.ts';

/**
 * `npm run campaign <name> -- [size] [seed]`: attacks and accidents by the thousand, each against a house of its own. Prints the
 * figures of docs/figures.md and ends with exit code 1 when one of them is not what it has to be.
 */
const campaigns: Readonly<Record<string, (numbers: readonly number[]) => Promise<{ lines: string[]; held: boolean }>>> =
  {
    'captured-model': campaignCaptured,
    digest: campaignDigest,
    replays: campaignReplays,
    'audit-down': campaignAuditDown,
    ssrf: campaignSsrf,
    faults: campaignFaults,
    secrets: campaignSecrets,
    inbound: campaignInbound,
    hostile: campaignHostile,
    'api-key-timing': campaignTiming,
    walk: campaignWalk,
    mutants: campaignMutants,
    races: campaignRaces,
    'races-dynamodb': campaignRacesDynamodb,
    'races-redis': campaignRacesRedis,
    crashes: campaignCrashes,
    ambiguous: campaignAmbiguous,
  };

const [name = '', ...numbers] = process.argv.slice(2);
const campaign = campaigns[name];
if (campaign) {
  const { lines, held } = await campaign(numbers.map(Number));
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = held ? 0 : 1;
} else {
  process.stdout.write(`There is no campaign '${name}'. There are: ${Object.keys(campaigns).join(', ')}\n`);
  process.exitCode = 2;
}
