import { createAssistant } from '../../../bot/assistant.ts';
import { type Bot, createBot } from '../../../bot/bot.ts';
import { createDispatcher } from '../../../bot/dispatcher.ts';
import { createIdentity } from '../../../bot/identity.ts';
import type { Model } from '../../../bot/llm/model.ts';
import type { TurnResult } from '../../../bot/turn.ts';
import { formatCommand } from '../../../bot/understand/format-command.ts';
import { createUnderstanding } from '../../../bot/understand/understand.ts';
import type { View } from '../../../cards/view.ts';
import { factsWithoutSecrets, type Log } from '../../../lib/log.ts';
import { silentTelemetry } from '../../../lib/telemetry.ts';
import { put, type Store, type Stored, type Write } from '../../../store/store.ts';
import { catalog } from '../../../tools/catalog.ts';
import { incidentKind } from '../../../tools/incidents/incident.ts';
import { createHouse, type House, NOON } from '../../approvals/house.ts';
import { recordingChannel } from '../../bot/recording-channel.ts';
import { type Sabotage, spoiled, spoiledAssistant } from './sabotage.ts';

/** Everything that left the model's part of the house, wherever it went. */
export interface Witness {
  /** As they were stored, oldest first. */
  rows: { kind: string; id: string; value: unknown }[];
  /** Posted, edited and whispered. `to` is the conversation. */
  shown: { to: string; view: View }[];
  /** Progress, logs, and the answers as text. */
  lines: string[];
}

/** Changes what a read answers: an operation of AWS, or 'incident'. */
export type Seen = (source: string, answer: unknown) => unknown;

export interface CapturedHouse extends House {
  bot: Bot;
  witness: Witness;
  seen: Seen;
  say(text: string): Promise<TurnResult>;
  settle(): Promise<void>;
}

interface Options {
  model: Model;
  /** The model's newest words. */
  said: () => string;
  seen: Seen;
  sabotage?: Sabotage;
}

const understand = createUnderstanding({ catalog });
/** Two channels and a webhook, so that there is somewhere to carry things to. */
const settings = { channels: ['#ops', '#general'], webhooks: ['https://chat.example.com/hooks/stored-by-an-admin'] };
let turns = 0;

/** The bot as main puts it together, with a witness at every way out, and perhaps one part spoiled. */
export async function openCapturedHouse({ model, said, seen, sabotage }: Options): Promise<CapturedHouse> {
  const witness: Witness = { rows: [], shown: [], lines: [] };
  const eyes = { seen };
  const see: Seen = (source, answer) => eyes.seen(source, answer);
  const house = await createHouse({ settings, through: (store) => watched(store, witness, see) });
  await openIncident(house.store);
  witness.rows.length = 0;
  const log = witnessLog(witness);
  house.aws.seen = see;
  house.parts.log = log;
  const { store, clock, audit, desk } = house;
  const doors = spoiled({ gate: house.gate, model, channel: witnessChannel(witness) }, sabotage);
  const { gate } = doors;
  const channels = new Map([['web', doors.channel]]);
  const dispatcher = createDispatcher({ store, clock, log, desk, channels });
  house.parts.changed = dispatcher.wake;
  const identity = createIdentity({ store, clock, audit, people: house.parts.people, channels });
  const shared = {
    store,
    clock,
    gate,
    audit,
    catalog,
    log,
    telemetry: silentTelemetry,
    settings: house.parts.settings,
  };
  const assistant = createAssistant({
    ...{ ...shared, model: doors.model, prices: { input: 0, output: 0 }, mode: 'LOCAL_MOCK', region: 'eu-west-1' },
    ...{ desk, command: formatCommand },
  });
  const bot = createBot({
    ...{ ...shared, identity, desk, understand, channels, dispatcher },
    assistant: spoiledAssistant(assistant, sabotage, { said, submit: gate.submit }),
  });
  return Object.assign(eyes, house, {
    ...{ bot, witness },
    async say(text: string) {
      turns += 1;
      const result = await bot.handleTurn(aliceSays(text, turns, clock.now()));
      witness.lines.push(result.text);
      return result;
    },
    settle() {
      house.setNow(clock.now() + 1);
      return dispatcher.flush();
    },
  });
}

const aliceSays = (text: string, number: number, at: number) => ({
  ...{ id: `captured-${number}`, at, origin: 'message' as const, text },
  speaker: { channel: 'web', userId: 'alice@example.com', auth: 'local-switch' as const },
  conversation: { channel: 'web', id: '@alice' },
});

/** The record that the reads of incidents find; what somebody wrote into it is planted when it is read. */
async function openIncident(store: Store): Promise<void> {
  const incident = {
    ...{
      id: 'INC-2026-000001',
      summary: 'checkout answers 503',
      severity: 'critical' as const,
      status: 'open' as const,
    },
    ...{ links: ['https://wiki.example.com/runbook'], created_at: new Date(NOON).toISOString(), correlation_id: 'c-1' },
    ...{ created_by: 'bob@example.com', created_by_name: 'Bob' },
  };
  await store.transact([put(incidentKind, incident.id, incident)]);
}

function watched(store: Store, { rows }: Witness, seen: Seen): Store {
  const read = <T>(row: Stored<T>): Stored<T> => ({ ...row, value: seen('incident', row.value) as T });
  const kept = (write: Write) => {
    if (write.op === 'put' || write.op === 'update')
      rows.push({ kind: write.kind.name, id: write.id, value: write.value });
  };
  return {
    ...store,
    async get(kind, id) {
      const row = await store.get(kind, id);
      return row && kind.name === incidentKind.name ? read(row) : row;
    },
    async query(kind, query) {
      const page = await store.query(kind, query);
      return kind.name === incidentKind.name ? { ...page, rows: page.rows.map(read) } : page;
    },
    async transact(writes, options) {
      const result = await store.transact(writes, options);
      if (result.committed) writes.forEach(kept);
      return result;
    },
  };
}

function witnessChannel({ shown, lines }: Witness) {
  const inner = recordingChannel();
  const channel: typeof inner = {
    ...inner,
    post(to, view) {
      shown.push({ to: to.id, view });
      return inner.post(to, view);
    },
    update(message, view) {
      shown.push({ to: message.conversation, view });
      return inner.update(message, view);
    },
    async whisper(to, _userId, view) {
      shown.push({ to: to.id, view });
    },
    progress(_to, text) {
      lines.push(text);
    },
  };
  return channel;
}

/** As `createLog` writes them: without the secrets it knows. */
function witnessLog({ lines }: Witness): Log {
  const line = (facts: object, message: string) =>
    void lines.push(JSON.stringify({ ...factsWithoutSecrets(facts), message }));
  return { debug: line, info: line, warn: line, error: line };
}
