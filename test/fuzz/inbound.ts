import { fuzzInbound } from '../adapters/slack/fuzz.ts';
import { fuzzTokens } from './teams-tokens.ts';

/**
 * `npm run fuzz:inbound -- [count] [seed]`: changed Slack deliveries and forged or changed Bot Framework tokens against the real
 * doors. Ends with exit code 1 when anything got in that should not have, or something good did not.
 */
const [count = 100_000, seed = 2026] = process.argv.slice(2).map(Number);
const started = Date.now();
const slack = await fuzzInbound(seed, count);
const teams = await fuzzTokens(seed, Math.ceil(count / 5));
const seconds = Math.round((Date.now() - started) / 1000);

const lines = [
  `Slack: ${slack.sent} deliveries, ${slack.untouched} of them untouched; accepted ${slack.accepted}, wrongly ${slack.wrong.length}`,
  `Teams: ${teams.sent} tokens, ${teams.good} of them good; accepted ${teams.accepted}, wrongly ${teams.wrong.length}`,
  `seed ${seed}, ${seconds} s`,
];
process.stdout.write(`${[...slack.wrong, ...teams.wrong, ...lines].join('\n')}\n`);
process.exitCode = slack.wrong.length + teams.wrong.length > 0 ? 1 : 0;
