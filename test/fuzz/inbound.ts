import { campaignTiming } from '../campaigns/api-key-timing.ts';
import { campaignInbound } from '../campaigns/inbound.ts';

/**
 * `npm run fuzz:inbound -- [Slack deliveries] [seed]`: the campaigns `inbound`, forged deliveries and proofs, and `api-key-timing`, what the time
 * of a refusal tells, under the name that people know.
 */
const forged = await campaignInbound(process.argv.slice(2).map(Number));
const timing = await campaignTiming([]);
process.stdout.write(`${[...forged.lines, '', ...timing.lines].join('\n')}\n`);
process.exitCode = forged.held && timing.held ? 0 : 1;
