import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { createSlack, type Slack } from '../../../adapters/slack/slack.ts';
import type { Turn } from '../../../bot/turn.ts';
import { systemClock } from '../../../lib/clock.ts';
import { OpsError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import type { Store } from '../../../store/store.ts';
import { noLobby } from '../no-lobby.ts';
import { aCommand, aMention, anEvent, aPress } from './payloads.ts';
import { answered } from './slack-house.ts';
import { botToken, team } from './slack-world.ts';
import { type SocketStub, startSocketStub } from './socket-stub.ts';

describe('Slack by Socket Mode', () => {
  let stub: SocketStub;
  let store: Store;
  let slack: Slack;
  let turns: Turn[];
  let heard: boolean;
  let refusal: object;

  beforeEach(async () => {
    turns = [];
    heard = true;
    refusal = {};
    store = await createSqliteStore({ path: ':memory:', clock: systemClock, log: silentLog });
    stub = await startSocketStub((method) => ({
      ok: true,
      ...(method === 'auth.test' && { team_id: team, user_id: 'U0BOT', bot_id: 'B0BOT' }),
      ...(method === 'apps.connections.open' && refusal),
    }));
    slack = createSlack({
      appToken: 'xapp-test',
      tokens: { kind: 'bot-token', botToken },
      apiUrl: stub.apiUrl,
      store,
      clock: systemClock,
      log: silentLog,
      incidentCommand: () => '',
    });
  });
  afterEach(async () => {
    await slack.stop();
    await stub.close();
    await store.close();
  });

  const start = () =>
    slack.start(async (turn, known) => {
      turns.push(turn);
      if (heard) known?.();
      else throw new Error('a fault');
      return answered;
    }, noLobby);

  async function until(what: () => boolean): Promise<void> {
    for (let tries = 0; tries < 600 && !what(); tries++) await wait(5);
    expect(what(), String(what)).to.equal(true);
  }
  const sendEvent = (text: string, envelope_id: string) =>
    stub.send({ type: 'events_api', envelope_id, payload: anEvent(aMention(text)), retry_attempt: 0 });

  it('needs no signing secret and opens no door [C1]', async () => {
    await start();

    expect(slack.doors).to.deep.equal([]);
    expect(stub.connections()).to.equal(1);
  });

  it('brings commands, events and presses, and says how they came [C1]', async () => {
    await start();

    stub.send({
      type: 'slash_commands',
      envelope_id: 'e1',
      accepts_response_payload: true,
      payload: aCommand('ec2 list'),
    });
    sendEvent('ec2 list', 'e2');
    stub.send({ type: 'interactive', envelope_id: 'e3', payload: aPress({ action_id: 'say:1', value: 'help' }) });
    await until(() => stub.acks.length === 3);

    expect(turns.map(({ origin, speaker }) => [origin, speaker.auth])).to.have.deep.members([
      ['command', 'socket'],
      ['message', 'socket'],
      ['button', 'socket'],
    ]);
    const payloads = new Map(stub.acks.map(({ envelope_id, payload }) => [envelope_id, payload]));
    expect(payloads.get('e1')).to.deep.equal({ response_type: 'in_channel' });
    expect(payloads.get('e2')).to.deep.equal({});
  });

  it('does not acknowledge what it could not hear, so that Slack sends it again [C1]', async () => {
    await start();
    heard = false;

    sendEvent('ec2 list', 'e1');
    await until(() => turns.length === 1);
    await wait(50);

    expect(stub.acks).to.deep.equal([]);
  });

  it('acknowledges what nobody can take and what is none of its business [C1]', async () => {
    await start();

    stub.send({ type: 'slash_commands', envelope_id: 'e1', payload: aCommand('help', { team_id: 'T0FOREIGN' }) });
    stub.send({ type: 'slash_commands', envelope_id: 'e2', payload: { command: 7 } });
    stub.send({ type: 'interactive', envelope_id: 'e3', payload: { type: 'view_closed' } });
    await until(() => stub.acks.length === 3);

    expect(turns).to.deep.equal([]);
  });

  it('connects again when the connection is cut [C1]', async () => {
    await start();

    stub.drop();
    await until(() => stub.connections() === 2);
    sendEvent('still there?', 'e1');
    await until(() => stub.acks.length === 1);

    expect(turns.map(({ text }) => text)).to.deep.equal(['still there?']);
  });

  it('connects again when Slack renews the connection [C1]', async () => {
    await start();

    stub.refresh();

    await until(() => stub.connections() === 2);
  });

  it('goes on trying when Slack refuses it in between, and does not end the process [C1]', async () => {
    await start();
    refusal = { ok: false, error: 'invalid_auth' };
    stub.drop();
    await wait(1_200);
    refusal = {};

    await until(() => stub.connections() === 2);
  });

  it('is refused at start with an app token that Slack does not take [O3]', async () => {
    refusal = { ok: false, error: 'invalid_auth' };

    const thrown: unknown = await start().catch((error: unknown) => error);

    expect(thrown).to.be.instanceOf(OpsError).with.property('code', 'config_invalid');
    expect(thrown).to.have.property('message').that.contains('SLACK_APP_TOKEN');
  });

  it('starts while Slack is away and connects when it is back [C1]', async () => {
    refusal = { ok: false, error: 'internal_error' };

    await start();
    refusal = {};

    await until(() => stub.connections() === 1);
  });

  it('takes nothing more once it stops, and stays away [O5]', async () => {
    await start();

    await slack.stop();
    sendEvent('anybody?', 'e1');
    await wait(700);

    expect(turns).to.deep.equal([]);
    expect(stub.connections()).to.equal(1);
  });
});
