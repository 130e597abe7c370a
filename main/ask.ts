import { randomUUID } from 'node:crypto';
import { type AskChannel, createAskChannel } from '../adapters/terminal/ask.ts';
import type { TurnResult } from '../bot/turn.ts';
import { renderText } from '../cards/text/render.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { silentTelemetry } from '../lib/telemetry.ts';
import { compose, type House } from './compose.ts';
import { sweepOnce } from './sweep-once.ts';

const SWEEP_WITHIN_MS = 10_000;
/** Somebody waits at a prompt; a rollout may take a quarter of an hour. */
const LOOK_FOR_MS = 20_000;

export interface AskOptions {
  text: string;
  /** E-mail of the speaker; in LOCAL_MOCK Alice when left out. */
  as?: string;
  conversation?: string;
  json: boolean;
}

/** One turn, one answer on stdout: a card as text, or one line of JSON. Every outcome is an answer; only a crash is not. */
export async function ask(
  config: Config,
  { text, as, conversation, json }: AskOptions,
  print: (line: string) => void,
): Promise<void> {
  const userId = as ?? defaultSpeaker(config);
  const house = await compose(config, silentTelemetry);
  // A channel of its own: what waits for other people is not for this prompt.
  const channel = createAskChannel(`ask:${userId}:${conversation ?? randomUUID()}`);
  const { bot, dispatcher } = house.open([channel]);
  const done = new AbortController();
  try {
    await sweepOnce(house, AbortSignal.timeout(SWEEP_WITHIN_MS));
    const result = await bot.handleTurn({
      id: `ask:${randomUUID()}`,
      at: house.clock.now(),
      origin: 'command',
      speaker: { channel: 'terminal', userId, auth: config.EXECUTION_MODE === 'LOCAL_MOCK' ? 'local-switch' : 'shell' },
      conversation: { channel: channel.name, id: 'prompt' },
      text,
    });
    print(json ? asJson(result) : result.text);
    channel.take();
    // The effect of what this process started is looked for, within reason: the next process goes on looking.
    await Promise.race([house.gate.idle(), house.clock.sleep(LOOK_FOR_MS, done.signal).catch(() => undefined)]);
    await dispatcher.flush();
    if (!json) for (const line of await later(house, channel, result.approvalId)) print(line);
  } finally {
    done.abort();
    await house.close();
  }
}

/** What came after the answer: how a change that was approved here ended, or how to look again. */
async function later({ desk }: House, channel: AskChannel, approvalId: string | undefined): Promise<string[]> {
  const said = channel.take().map((view) => `\n${renderText(view, { width: 100, color: false })}`);
  const change = approvalId === undefined ? undefined : await desk.approval(approvalId);
  const { verified } = change?.value ?? {};
  if (!verified) return said;
  if (verified.state === 'waiting') return [...said, `\nNot confirmed yet. Look again with: show ${approvalId}`];
  return [...said, `\n${verified.text}`];
}

function asJson({
  outcome,
  understoodBy,
  tool,
  input,
  approvalId,
  approvalToken,
  correlationId,
  text,
}: TurnResult): string {
  return JSON.stringify({
    outcome,
    understood_by: understoodBy,
    tool,
    input,
    approval_id: approvalId,
    approval_token: approvalToken,
    correlation_id: correlationId,
    text,
  });
}

/** @throws OpsError `config_invalid` outside LOCAL_MOCK, where nobody is anybody by default */
export function defaultSpeaker({ EXECUTION_MODE }: Config): string {
  if (EXECUTION_MODE === 'LOCAL_MOCK') return 'alice@example.com';
  throw new OpsError('config_invalid', 'Nobody is named to speak as.', {
    hint: 'Add --as and the e-mail of a person in PEOPLE_FILE or PEOPLE_SSM.',
  });
}
