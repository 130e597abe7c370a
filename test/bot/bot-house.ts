import { createAssistant } from '../../bot/assistant.ts';
import { type Bot, createBot } from '../../bot/bot.ts';
import type { Channel } from '../../bot/channel.ts';
import { createDispatcher, type Dispatcher } from '../../bot/dispatcher.ts';
import { createIdentity, type Identity } from '../../bot/identity.ts';
import type { Model } from '../../bot/llm/model.ts';
import type { Pressed, Turn, TurnResult } from '../../bot/turn.ts';
import { formatCommand } from '../../bot/understand/format-command.ts';
import { createUnderstanding } from '../../bot/understand/understand.ts';
import { silentLog } from '../../lib/log.ts';
import { silentTelemetry, type Telemetry } from '../../lib/telemetry.ts';
import { catalog } from '../../tools/catalog.ts';
import { createHouse, type House } from '../approvals/house.ts';
import { type RecordingChannel, recordingChannel } from './recording-channel.ts';

export interface BotHouse extends House {
  bot: Bot;
  dispatcher: Dispatcher;
  identity: Identity;
  web: RecordingChannel;
  /** A moment later the dispatcher looks. */
  settle(): Promise<void>;
  /** Somebody says something, in their own conversation if no other is named. */
  say(who: string, text: string, more?: Partial<Turn>): Promise<TurnResult>;
  /** Somebody presses a button. */
  press(who: string, decision: Partial<Pressed> & { approvalId: string }, more?: Partial<Turn>): Promise<TurnResult>;
}

const understand = createUnderstanding({ catalog });
let turns = 0;

/** The house with its doors: one recording channel called web, and others if a test names them. */
export async function createBotHouse(
  options: Parameters<typeof createHouse>[0] & { model?: Model; telemetry?: Telemetry } = {},
  others: readonly Channel[] = [],
): Promise<BotHouse> {
  const house = await createHouse(options);
  const { store, clock, audit, gate, desk } = house;
  const { telemetry = silentTelemetry } = options;
  const web = recordingChannel();
  const channels = new Map([web, ...others].map((channel) => [channel.name, channel]));
  const dispatcher = createDispatcher({ store, clock, log: silentLog, desk, channels });
  house.parts.changed = dispatcher.wake;
  const identity = createIdentity({ store, clock, audit, people: house.parts.people, channels });
  const assistant =
    options.model &&
    createAssistant({
      ...{ store, clock, gate, desk, audit, catalog, log: silentLog, telemetry },
      ...{ model: options.model, prices: { input: 2, output: 10 }, mode: 'LOCAL_MOCK', region: 'eu-west-1' },
      command: formatCommand,
      settings: house.parts.settings,
    });
  const bot = createBot({
    assistant,
    ...{ store, clock, log: silentLog, telemetry, identity, gate, desk, audit },
    ...{ catalog, understand, channels, dispatcher, settings: house.parts.settings },
  });
  const turn = (who: string, part: Partial<Turn>): Turn => {
    turns += 1;
    const userId = `${who}@example.com`;
    return {
      id: `turn-${turns}`,
      at: clock.now(),
      origin: 'message',
      speaker: { channel: 'web', userId, auth: 'local-switch' },
      conversation: { channel: 'web', id: `@${who}` },
      text: '',
      ...part,
    };
  };
  return Object.assign(house, {
    ...{ bot, dispatcher, identity, web },
    settle: () => {
      house.setNow(clock.now() + 1);
      return dispatcher.flush();
    },
    say: (who: string, text: string, more: Partial<Turn> = {}) => bot.handleTurn(turn(who, { text, ...more })),
    async press(who: string, decision: Partial<Pressed> & { approvalId: string }, more: Partial<Turn> = {}) {
      const digest = decision.digest ?? (await desk.approval(decision.approvalId))?.value.digest ?? '';
      const pressed: Pressed = { verdict: 'approve', ...decision, digest };
      return bot.handleTurn(turn(who, { origin: 'button', decision: pressed, ...more }));
    },
  });
}
