import { slackLambda } from '../adapters/slack/lambda.ts';
import { readConfig } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { createTelemetry } from '../lib/telemetry.ts';
import { slack, slackTokens } from './chat-channels.ts';
import { compose } from './compose.ts';
import { keepFresh } from './keep-fresh.ts';
import { sweepOnce } from './sweep-once.ts';

const SWEEP_WITHIN_MS = 5_000;

type Handler = ReturnType<typeof slackLambda>;
let starting: Promise<Handler> | undefined;

/**
 * Slack's requests in AWS Lambda, behind an HTTP API or a function URL: one house for as long as the process lives. The
 * process stands still between requests, so what was left is taken up at the next cold start or by a process that serves.
 *
 * @throws OpsError `config_invalid` when Slack is not configured
 */
export const handler: Handler = async (event) => {
  starting ??= start();
  const handle = await starting.catch((error) => {
    // The next request tries again: what was missing may be there by then.
    starting = undefined;
    throw error;
  });
  return handle(event);
};

async function start(): Promise<Handler> {
  const config = await readConfig();
  const tokens = slackTokens(config);
  if (!tokens) {
    throw new OpsError('config_invalid', 'SLACK_BOT_TOKEN is not set: this function only serves Slack.', {
      hint: 'Set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET.',
    });
  }
  if (!config.LAMBDA_SINGLE_INSTANCE) {
    throw new OpsError(
      'config_invalid',
      'STORE is a file, and each copy of this function would have approvals of its own.',
      {
        hint: 'Give the function a reserved concurrency of 1 and a file system that outlives it, then set LAMBDA_SINGLE_INSTANCE=true.',
      },
    );
  }
  const house = await compose(config, await createTelemetry({ version: config.version, mode: config.EXECUTION_MODE }));
  const channel = slack(house, slackTokens(config, house.secrets.of('SLACK_BOT_TOKEN')) ?? tokens);
  const { bot, dispatcher, lobby } = house.open([channel]);
  await sweepOnce(house, AbortSignal.timeout(SWEEP_WITHIN_MS));
  await channel.start(bot.handleTurn, lobby);
  dispatcher.start();
  void keepFresh(house, new AbortController().signal);
  return slackLambda(channel.receive);
}
