import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { slackLambda } from '../../../adapters/slack/lambda.ts';
import type { Log } from '../../../lib/log.ts';
import { aCommand, aMention, anEvent } from './payloads.ts';
import { type SignedRequest, signedEvent, signedForm } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { answered, openHouse, type SlackHouse } from './slack-house.ts';

/** As API Gateway's HTTP APIs and function URLs send it, format 2.0. */
function lambdaEvent({ headers, body }: SignedRequest, over: object = {}) {
  const single = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/slack/events',
    rawQueryString: '',
    headers: Object.fromEntries(single),
    requestContext: { http: { method: 'POST', path: '/slack/events', sourceIp: '192.0.2.1' } },
    body: body.toString('base64'),
    isBase64Encoded: true,
    ...over,
  };
}

describe('Slack in AWS Lambda', () => {
  let api: SlackApi;
  let house: SlackHouse;
  let work: () => Promise<void>;
  let lines: string[];

  const note = (facts: object, message: string): void => void lines.push(JSON.stringify({ facts, message }));
  const log: Log = { debug: note, info: note, warn: note, error: note };

  beforeEach(async () => {
    lines = [];
    work = async () => {};
    api = await startSlackApi();
    house = await openHouse({
      apiUrl: api.apiUrl,
      log,
      onTurn: async (_turn, _slack, heard) => {
        heard();
        await work();
        return answered;
      },
    });
  });
  afterEach(async () => {
    await house.close();
    await api.close();
  });

  it('takes what Slack signed, in base64 and as text [C1]', async () => {
    const handle = slackLambda(house.slack.receive);
    const request = signedForm(aCommand('ec2 list'));
    const plain = signedEvent(anEvent(aMention('ec2 list ü')));

    const first = await handle(lambdaEvent(request));
    const second = await handle(lambdaEvent(plain, { body: plain.body.toString('utf8'), isBase64Encoded: false }));

    expect(first).to.include({ statusCode: 200, body: '{"response_type":"in_channel"}' });
    expect(second).to.include({ statusCode: 200, body: '' });
    expect(house.turns.map(({ text }) => text)).to.deep.equal(['ec2 list', 'ec2 list ü']);
  });

  it('takes header names as they come [C1]', async () => {
    const event = lambdaEvent(signedForm(aCommand('ec2 list')));
    const headers = Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );

    const answer = await slackLambda(house.slack.receive)({ ...event, headers });

    expect(answer.statusCode).to.equal(200);
  });

  it('waits for the work, because the process is frozen after the answer [C1]', async () => {
    let done = false;
    work = async () => {
      await wait(300);
      done = true;
    };

    await slackLambda(house.slack.receive)(lambdaEvent(signedForm(aCommand('ec2 list'))));

    expect(done).to.equal(true);
  });

  it('answers within Slack’s three seconds when the work takes longer [C6]', async () => {
    const finish = Promise.withResolvers<void>();
    work = () => finish.promise;
    const began = performance.now();

    const answer = await slackLambda(house.slack.receive)(lambdaEvent(signedForm(aCommand('ec2 list'))));

    expect(answer.statusCode).to.equal(200);
    expect(performance.now() - began).to.be.within(2_400, 2_950);
    finish.resolve();
  });

  for (const [what, event, status] of [
    ['a forged signature', () => lambdaEvent(signedForm(aCommand('x'), { secret: 'another-secret-of-somebody' })), 401],
    ['a body that was changed', () => lambdaEvent(signedForm(aCommand('x')), { body: 'eA==' }), 401],
    [
      'two signatures',
      () => {
        const request = signedForm(aCommand('x'));
        const signature = String(request.headers['x-slack-signature']);
        return lambdaEvent({
          ...request,
          headers: { ...request.headers, 'x-slack-signature': [signature, signature] },
        });
      },
      401,
    ],
    ['a GET', () => lambdaEvent(signedForm(aCommand('x')), { requestContext: { http: { method: 'GET' } } }), 405],
    ['no event of API Gateway', () => ({ Records: [] }), 400],
    ['nothing', () => undefined, 400],
    ['a body that is a list', () => lambdaEvent(signedForm(aCommand('x')), { body: [] }), 400],
  ] as const) {
    it(`refuses ${what}, with nothing to read in the answer [C1]`, async () => {
      const answer = await slackLambda(house.slack.receive)(event());

      expect(answer).to.include({ statusCode: status, body: '' });
      expect(house.turns).to.deep.equal([]);
    });
  }

  it('writes nothing of the event to the log [A5]', async () => {
    const handle = slackLambda(house.slack.receive);
    const request = signedForm(aCommand('swordfish'));

    await handle(lambdaEvent(request));
    await handle(lambdaEvent(request));

    expect(lines.join('\n')).to.contain('replayed');
    expect(lines.join('\n')).not.to.match(/swordfish|v0=|U0ALICE/);
  });
});
