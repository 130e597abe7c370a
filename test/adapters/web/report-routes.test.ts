import { expect } from 'chai';
import type { TurnResult } from '../../../bot/turn.ts';
import type { View } from '../../../cards/view.ts';
import { answered, startWeb, type WebHarness } from './web-harness.ts';

const person = 'carol@example.com';
const output = { report: 'keys', figures: [] };

/** How a turn may end without a report. */
const ends: { name: string; view: View | undefined; status: number; said: object }[] = [
  {
    name: 'a rule says no',
    view: { kind: 'refusal', title: 'Refused', rule: 'reads', because: 'Not you.', next: 'Ask an admin.' },
    status: 403,
    said: { code: 'access_denied', message: 'Not you.', hint: 'Ask an admin.' },
  },
  {
    name: 'the report has another name',
    view: {
      kind: 'failure',
      title: 'No',
      code: 'input_invalid',
      message: 'one of …',
      hint: 'Say another.',
      fields: [],
    },
    status: 400,
    said: { code: 'input_invalid', message: 'one of …', hint: 'Say another.' },
  },
  {
    name: 'AWS says no',
    view: { kind: 'failure', title: 'No', code: 'aws_access_denied', message: 'denied', hint: 'Allow it.', fields: [] },
    status: 424,
    said: { code: 'aws_error', message: 'denied', hint: 'Allow it.' },
  },
  { name: 'OpsAgent stops', view: undefined, status: 503, said: { code: 'internal', message: 'done' } },
];

describe('the reports of the console', () => {
  let house: WebHarness;
  let result: TurnResult;

  beforeEach(async () => {
    result = { ...answered, outcome: 'done', output };
    house = await startWeb({ onTurn: async () => result });
  });
  afterEach(() => house.close());

  it('are read by a turn of the reader, which posts nothing anywhere [A7, C3]', async () => {
    const answer = await house.send({ path: '/api/reports/operations?window=30d&region=us-east-1', person });

    expect([answer.status, answer.json]).to.deep.equal([200, output]);
    expect(house.turns).to.have.length(1);
    expect(house.turns[0]).to.deep.include({
      origin: 'api',
      text: '',
      speaker: { channel: 'web', userId: person, auth: 'local-switch' },
      conversation: { channel: 'api', id: `reports:${person}` },
      call: { tool: 'get_report', input: { report: 'operations', time_window: '30d', region: 'us-east-1' } },
    });
  });

  it('are read anew each time: no two readings are one turn [A7, A4]', async () => {
    await house.send({ path: '/api/reports/keys', person });
    await house.send({ path: '/api/reports/keys', person });

    expect(new Set(house.turns.map(({ id }) => id)).size).to.equal(2);
  });

  for (const { name, view, status, said } of ends) {
    it(`say why there is none when ${name} [A7]`, async () => {
      result = { ...answered, outcome: 'failed', view };

      const answer = await house.send({ path: '/api/reports/keys', person });

      expect(answer.status).to.equal(status);
      expect(answer.json).to.include({ ...said, correlation_id: 'c-1' });
    });
  }

  it('take no filter but a window and a Region, and nobody unknown [A7, C3]', async () => {
    const odd = await house.send({ path: '/api/reports/keys?sql=1', person });
    const long = await house.send({ path: `/api/reports/keys?window=${'x'.repeat(101)}`, person });
    const nobody = await house.send({ path: '/api/reports/keys', person: 'mallory@example.com' });

    expect([odd.status, long.status, nobody.status]).to.deep.equal([400, 400, 401]);
    expect(house.turns).to.have.length(0);
  });
});
