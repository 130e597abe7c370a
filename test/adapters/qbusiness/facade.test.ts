import { expect } from 'chai';
import type { HttpServer } from '../../../adapters/http/server.ts';
import { createFacade } from '../../../adapters/qbusiness/facade.ts';
import type { OnTurn } from '../../../bot/channel.ts';
import type { Turn, TurnResult } from '../../../bot/turn.ts';
import { VERDICTS, type View } from '../../../cards/view.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { catalog } from '../../../tools/catalog.ts';
import { anApproval } from '../views.ts';
import { callsOf, serveDoors } from './rest-house.ts';

const TOKEN = `approve-${'a'.repeat(43)}`;
const APPROVE = { parameters: { approval_token: TOKEN } };
const speaker = { channel: 'api', userId: 'alice@example.com', auth: 'bearer' as const };

describe('the façade, before a bot of its own', () => {
  let server: HttpServer;
  let turns: Turn[];

  afterEach(() => server.close());

  const open = async (onTurn: OnTurn | undefined, clock: Clock = systemClock) => {
    turns = [];
    const facade = createFacade({
      ...{ catalog, mode: 'DRY_RUN', clock, log: silentLog },
      admit: async () => ({ speaker }),
      document: async () => ({ openapi: '3.0.3' }),
    });
    if (onTurn)
      facade.start(async (turn, heard) => {
        turns.push(turn);
        return onTurn(turn, heard);
      });
    server = await serveDoors(facade.doors);
    return callsOf(server.port());
  };
  const answering =
    (view: View | undefined, more: Partial<TurnResult> = {}) =>
    async (): Promise<TurnResult> => ({
      ...{ outcome: 'done', correlationId: 'c-1', text: 'the card', view },
      ...more,
    });

  it('makes of a call one typed turn of the person at the door, in a conversation of theirs [Q1]', async () => {
    const rest = await open(answering({ kind: 'message', title: 'Alarms', body: 'none' }));

    await rest.post('/operations/diagnostic', { operation: 'list_alarms', parameters: { state: 'alarm', name: '' } });
    await rest.post('/chat', { text: 'help', conversation_id: 'c1' });
    await rest.post('/operations/approve', APPROVE);

    expect(turns.map(({ id: _, at: __, ...turn }) => turn)).to.deep.equal([
      {
        ...{ origin: 'api', speaker, text: '', conversation: { channel: 'api', id: speaker.userId } },
        call: { tool: 'list_alarms', input: { state: 'alarm' } },
      },
      { origin: 'api', speaker, text: 'help', conversation: { channel: 'api', id: `${speaker.userId}:c1` } },
      {
        ...{ origin: 'api', speaker, text: '', conversation: { channel: 'api', id: speaker.userId } },
        decision: { verdict: VERDICTS[0], token: TOKEN, reason: undefined },
      },
    ]);
    expect(new Set(turns.map(({ id }) => id)).size).to.equal(3);
  });

  it('answers a decision that takes long with how the change stands, and lets it go on [Q1]', async () => {
    const going = Promise.withResolvers<TurnResult>();
    const executing = { ...anApproval(), state: 'executing' as const };
    const rest = await open((turn) => (turn.decision ? going.promise : answering(executing)()), {
      ...systemClock,
      sleep: async () => {},
    });

    const { status, body } = await rest.post('/operations/approve', APPROVE);
    going.resolve(await answering(executing)());

    expect(status).to.equal(200);
    expect(body).to.include({ success: true, status: 'executing', approval_required: false });
    expect(body).not.to.have.property('action_executed');
    expect(body.monitoring).to.match(/goes on by itself.*get_change_status with approval_id/);
    expect(turns.map(({ text }) => text)).to.deep.equal(['', `show token:${TOKEN}`]);
  });

  it('waits at most 25 s for a decision and 50 s for the rest: callers give up after 60 s [Q1, Q2]', async () => {
    const waited: number[] = [];
    const clock: Clock = { ...systemClock, sleep: async (ms) => void waited.push(ms) };
    const never = new Promise<TurnResult>(() => {});
    const rest = await open((turn) => (turn.text === '' ? never : answering(anApproval())()), clock);

    await rest.post('/operations/approve', APPROVE);
    await rest.post('/operations/diagnostic', { operation: 'list_alarms' });

    expect(waited).to.deep.equal([25_000, 50_000]);
  });

  it('answers anything else that takes long before its caller gives up, and hears the end of it [Q1, Q4]', async () => {
    const never = Promise.withResolvers<TurnResult>();
    const rest = await open(() => never.promise, { ...systemClock, sleep: async () => {} });

    const { status, body } = await rest.post('/chat', { text: 'why is web slow?' });
    never.reject(new Error('too late'));

    expect(status).to.equal(200);
    expect(body).to.include({ success: false, status: 'working', execution_mode: 'DRY_RUN' });
    expect(body.correlation_id).to.be.a('string');
  });

  const broken: [code: string, status: number][] = [
    ['store_unavailable', 503],
    ['audit_unavailable', 503],
    ['policy_unavailable', 503],
    ['internal', 500],
    ['write_without_permit', 500],
  ];
  for (const [code, expected] of broken) {
    it(`says ${expected} when something is broken here: ${code} [Q4]`, async () => {
      const view: View = {
        kind: 'failure',
        title: 'It broke',
        code,
        message: 'It broke.',
        hint: 'Mend it.',
        fields: [],
      };
      const rest = await open(answering(view, { outcome: 'failed' }));

      const { status, type, body } = await rest.post('/operations/diagnostic', { operation: 'list_alarms' });

      expect({ status, type }).to.deep.equal({ status: expected, type: 'application/problem+json' });
      expect(body).to.include({ code, detail: 'It broke.', hint: 'Mend it.', correlation_id: 'c-1' });
    });
  }

  it('is not broken when AWS is away: that is an answer, with its request id [Q4, T11]', async () => {
    const fields = [{ label: 'request id', value: 'r-1' }];
    const view: View = {
      kind: 'failure',
      title: 'AWS is slow',
      code: 'aws_timeout',
      message: 'No answer.',
      hint: 'Ask again.',
      fields,
    };
    const rest = await open(answering(view, { outcome: 'failed' }));

    const { status, body } = await rest.post('/operations/diagnostic', { operation: 'list_alarms' });

    expect(status).to.equal(200);
    expect(body).to.include({ success: false, status: 'failed' });
    expect(body.details).to.deep.equal({
      code: 'aws_timeout',
      message: 'No answer.',
      hint: 'Ask again.',
      request_id: 'r-1',
    });
  });

  it('says 503 and when to come again while it starts and while it stops [Q4, O5]', async () => {
    const starting = await open(undefined);
    const early = await starting.post('/operations/diagnostic', { operation: 'list_alarms' });
    await server.close();
    const stopping = await open(answering(undefined, { outcome: 'failed' }));
    const late = await stopping.post('/operations/diagnostic', { operation: 'list_alarms' });

    expect([early.status, late.status]).to.deep.equal([503, 503]);
    expect(late.headers.get('retry-after')).to.equal('5');
  });

  it('says 500 with an id and nothing else when the bot throws [Q4, A5]', async () => {
    const rest = await open(async () => {
      throw new Error('password=hunter2');
    });

    const { status, type, body } = await rest.post('/operations/diagnostic', { operation: 'list_alarms' });

    expect({ status, type }).to.deep.equal({ status: 500, type: 'application/problem+json' });
    expect(JSON.stringify(body)).not.to.include('hunter2');
    expect(body.hint).to.include(body.correlation_id);
  });
});
