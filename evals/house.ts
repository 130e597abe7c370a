import { createAudit } from '../approvals/audit.ts';
import type { ToolCall } from '../approvals/call.ts';
import { createDesk } from '../approvals/desk.ts';
import { createGate, type Gate } from '../approvals/gate.ts';
import type { GateParts } from '../approvals/gate-parts.ts';
import { createDirectory, localPeople } from '../approvals/people.ts';
import { loadPolicy } from '../approvals/policy.ts';
import { defaultSettings } from '../approvals/settings.ts';
import { createAssistant } from '../bot/assistant.ts';
import { createBot } from '../bot/bot.ts';
import { createDispatcher } from '../bot/dispatcher.ts';
import { createIdentity } from '../bot/identity.ts';
import type { Model } from '../bot/llm/model.ts';
import type { Prices } from '../bot/llm/prices.ts';
import { addTokens, createUsageLedger, noTokens, type Spent } from '../bot/llm/usage.ts';
import type { Turn } from '../bot/turn.ts';
import { formatCommand } from '../bot/understand/format-command.ts';
import { createUnderstanding } from '../bot/understand/understand.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { silentLog } from '../lib/log.ts';
import { silentTelemetry } from '../lib/telemetry.ts';
import { createSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { createSimulatedAws } from '../tools/aws/simulated/simulated-aws.ts';
import { catalog } from '../tools/catalog.ts';
import { createBoard } from './board.ts';
import type { Heard } from './heard.ts';
import { type Stage, setStage } from './stage.ts';

/** The model that is judged, and what it costs. */
export interface Subject {
  model: Model;
  prices: Prices;
}

/** A house of its own for one sentence or one scenario: nothing that was said or proposed before is in it. */
export interface EvalHouse {
  /** Alice, an engineer, says it in her own conversation. */
  say(text: string): Promise<Heard>;
  /** Of the model, since the house was opened. */
  spent(): Promise<Omit<Spent, 'calls'>>;
  close(): Promise<void>;
}

export const REGION = 'eu-west-1';
export const understand = createUnderstanding({ catalog });

const CHANNEL = 'web';
const ALICE = 'alice@example.com';
const clock = systemClock;
const log = silentLog;
const telemetry = silentTelemetry;
const policy = loadPolicy();

/** The product's own pieces, on a store in memory, before the simulated estate. */
export async function openEvalHouse({ model, prices }: Subject, stage: Stage = {}): Promise<EvalHouse> {
  const openedAt = clock.now();
  const store = await createSqliteStore({ path: ':memory:', clock, log });
  const parts = gatePartsOn(store, stage);
  const { audit, settings, people } = parts;
  const gate = createGate(parts);
  const asked: ToolCall[] = [];
  const heardGate: Gate = {
    ...gate,
    submit(call, caller) {
      asked.push(call);
      return gate.submit(call, caller);
    },
  };
  const board = createBoard(CHANNEL);
  const channels = new Map([[CHANNEL, board]]);
  const desk = createDesk(parts, commandLine);
  const ground = { store, clock, log, telemetry, audit, settings, catalog, gate: heardGate };
  const assistant = createAssistant({
    ...{ ...ground, desk, model, prices, mode: parts.mode, region: REGION },
    command: formatCommand,
  });
  const dispatcher = createDispatcher({ store, clock, log, desk, channels });
  const identity = createIdentity({ store, clock, audit, people, channels });
  const bot = createBot({ ...ground, assistant, identity, desk, understand, channels, dispatcher });
  return {
    async say(text) {
      const [before, shownBefore] = [asked.length, board.shownIn(ALICE).length];
      const from = performance.now();
      const end = await bot.handleTurn(turnOf(text));
      const seconds = (performance.now() - from) / 1000;
      return { asked: asked.slice(before), shown: board.shownIn(ALICE).slice(shownBefore), end, seconds };
    },
    async spent() {
      const days = await createUsageLedger(store).days(openedAt, clock.now());
      return {
        tokens: days.reduce((sum, { tokens }) => addTokens(sum, tokens), noTokens),
        costUsd: days.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0) / 1_000_000,
      };
    },
    async close() {
      await bot.drain();
      await dispatcher.stop();
      await gate.stop();
      await store.close();
    },
  };
}

function gatePartsOn(store: Store, stage: Stage): GateParts {
  const estate = createSimulatedAws({ seed: 2026, clock, store, defaultRegion: REGION });
  return {
    ...{ store, clock, log, telemetry, policy, mode: 'LOCAL_MOCK' },
    audit: createAudit({ store, clock, log, node: 'evals', build: '0.0.0' }),
    settings: () => ({ state: 'fresh', value: defaultSettings }),
    people: createDirectory(() => localPeople),
    peopleState: () => ({ state: 'fresh', value: localPeople }),
    aws: setStage(estate, stage, clock.now),
    tools: new Map(catalog.map((tool) => [tool.name, tool])),
    holder: { host: 'evals', pid: process.pid, boot: newId('boot') },
    crash: () => {},
    route: (id) => [{ channel: CHANNEL, id }],
    changed: () => {},
  };
}

function commandLine(name: string, input: JsonObject): string {
  const tool = catalog.find((one) => one.name === name);
  return tool ? formatCommand(tool, input) : '';
}

function turnOf(text: string): Turn {
  return {
    ...{ id: newId('turn'), at: clock.now(), origin: 'message', text },
    speaker: { channel: CHANNEL, userId: ALICE, auth: 'local-switch' },
    conversation: { channel: CHANNEL, id: ALICE },
  };
}
