import type { Channel, Lobby, OnTurn } from '../../bot/channel.ts';
import { OpsError } from '../../lib/errors.ts';
import type { Door } from '../http/door.ts';
import { eventsDoor } from './events-door.ts';
import { channelName, placeId, placeOf } from './ids.ts';
import { installDoors } from './install-doors.ts';
import { type Open, open } from './open.ts';
import type { SlackOptions } from './options.ts';
import { createReceive, notNow, type Receive } from './receive.ts';
import { createVerify } from './verify.ts';

export type { SlackOptions } from './options.ts';
export type { Tokens } from './workspaces.ts';

export interface Slack extends Channel {
  /** Paths for the HTTP server; they answer 503 until `start`. */
  readonly doors: readonly Door[];
  /** Any other transport of the same requests: `slackLambda(slack.receive)`. */
  readonly receive: Receive;
}

/**
 * Slack's door. `start` refuses (OpsError `config_invalid`) when nothing could tell Slack from a stranger, and when Slack
 * does not take a token; it loads Bolt, so that whoever has no Slack does not pay for it.
 */
export function createSlack(options: SlackOptions): Slack {
  const { signingSecret, clock, log, tokens, hears = true } = options;
  let running: Open | undefined;
  let stopping = false;

  const verified = signingSecret
    ? createReceive(
        createVerify(signingSecret, clock),
        (body, auth, patience) => (running ? running.take(body, auth, patience) : Promise.resolve(notNow)),
        log,
      )
    : undefined;
  const receive: Receive = async (request, patience) =>
    verified && hears && running && !stopping ? verified(request, patience) : notNow;
  const now = (): Open => {
    if (running) return running;
    throw new OpsError('delivery_failed', 'Slack is not connected yet.', {
      hint: 'It is tried again.',
      retryable: true,
    });
  };

  return {
    name: channelName,
    doors: [
      ...(signingSecret ? [eventsDoor(receive)] : []),
      ...(tokens.kind === 'oauth' ? installDoors(() => running?.installer) : []),
    ],
    receive,
    async start(onTurn: OnTurn, lobby: Lobby) {
      if (hears) assertVerifiable(options);
      assertSlack(options.apiUrl);
      running = await open(options, onTurn, lobby);
    },
    post: async (to, view) => now().post(to, view),
    update: async (message, view) => now().update(message, view),
    whisper: async (to, userId, view) => now().whisper(to, userId, view),
    progress: (to, text) => running?.progress(to, text),
    profile: async (userId) => now().profile(userId),
    thread: ({ conversation, message }) => {
      const place = placeOf(conversation);
      const id = place ? placeId({ ...place, thread: place.thread ?? message }) : conversation;
      return { channel: channelName, id };
    },
    async stop() {
      stopping = true;
      await running?.stop();
    },
  };
}

/** Whoever answers there gets the tokens. */
const SLACK = /^https:\/\/slack(?:-gov)?\.com\/api\/$/;
const THIS_MACHINE = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?\/api\/$/;

function assertSlack(apiUrl: string): void {
  if (SLACK.test(apiUrl) || THIS_MACHINE.test(apiUrl)) return;
  throw new OpsError('config_invalid', `SLACK_API_URL is ${apiUrl.slice(0, 100)}, which is not Slack.`, {
    hint: 'Use https://slack.com/api/, or a test server on this machine.',
    facts: { keys: 'SLACK_API_URL' },
  });
}

function assertVerifiable({ signingSecret, appToken, tokens }: SlackOptions): void {
  if (signingSecret || (appToken && tokens.kind === 'bot-token')) return;
  throw new OpsError('config_invalid', 'SLACK_SIGNING_SECRET is not set: nobody could tell Slack from a stranger.', {
    hint: 'Set it from the app’s page Basic Information, or SLACK_APP_TOKEN beside SLACK_BOT_TOKEN for Socket Mode.',
    facts: { keys: 'SLACK_SIGNING_SECRET' },
  });
}
