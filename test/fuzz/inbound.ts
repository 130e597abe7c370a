import { campaignInbound } from '../campaigns/inbound.ts';

/** `npm run fuzz:inbound -- [Slack deliveries] [seed]`: the campaign `inbound` under the name that people know. */
const { lines, held } = await campaignInbound(process.argv.slice(2).map(Number));
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = held ? 0 : 1;
