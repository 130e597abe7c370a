import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Log } from '../../../lib/log.ts';
import { aCommand, aMention, anEvent } from './payloads.ts';
import {
  FORM_TYPE,
  type SignedRequest,
  send,
  signed,
  signedEvent,
  signedForm,
  signingSecret,
} from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { openHouse, type SlackHouse } from './slack-house.ts';

const now = (): number => Math.floor(Date.now() / 1000);
const command = (): Record<string, string> => aCommand('ec2 list');
const bodyOf = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

/** Anything but the signature may be changed after it was made. */
function changed(request: SignedRequest, over: Partial<SignedRequest>): SignedRequest {
  return { ...request, ...over, headers: { ...request.headers, ...over.headers } };
}

function without(request: SignedRequest, header: string): SignedRequest {
  const { [header]: _, ...headers } = request.headers;
  return { ...request, headers };
}

function signatureOf(request: SignedRequest): string {
  return String(request.headers['x-slack-signature']);
}

/** What must not get in, made from a request that would. */
const forged: Record<string, () => SignedRequest> = {
  'no signature': () => without(signedForm(command()), 'x-slack-signature'),
  'no timestamp': () => without(signedForm(command()), 'x-slack-request-timestamp'),
  'an empty signature': () => changed(signedForm(command()), { headers: { 'x-slack-signature': '' } }),
  'another secret': () => signedForm(command(), { secret: 'another-secret-of-somebody' }),
  'no secret at all': () => {
    const request = signedForm(command());
    const timestamp = String(request.headers['x-slack-request-timestamp']);
    const digest = createHmac('sha256', '').update(`v0:${timestamp}:`).update(request.body).digest('hex');
    return changed(request, { headers: { 'x-slack-signature': `v0=${digest}` } });
  },
  'a signature of version 1': () => {
    const request = signedForm(command());
    return changed(request, { headers: { 'x-slack-signature': signatureOf(request).replace('v0=', 'v1=') } });
  },
  'a signature in capitals': () => {
    const request = signedForm(command());
    return changed(request, { headers: { 'x-slack-signature': `v0=${signatureOf(request).slice(3).toUpperCase()}` } });
  },
  'a signature and its half': () => {
    const request = signedForm(command());
    return changed(request, { headers: { 'x-slack-signature': signatureOf(request).slice(0, 35) } });
  },
  'two signatures': () => {
    const request = signedForm(command());
    const other = signatureOf(signedForm(command(), { secret: 'another-secret-of-somebody' }));
    return changed(request, { headers: { 'x-slack-signature': [signatureOf(request), other] } });
  },
  'one signature twice': () => {
    const request = signedForm(command());
    return changed(request, { headers: { 'x-slack-signature': [signatureOf(request), signatureOf(request)] } });
  },
  'two timestamps': () => {
    const request = signedForm(command());
    const timestamp = String(request.headers['x-slack-request-timestamp']);
    return changed(request, { headers: { 'x-slack-request-timestamp': [timestamp, timestamp] } });
  },
  'a body that was changed': () => {
    const request = signedForm(command());
    return changed(request, { body: Buffer.from(request.body.toString().replace('ec2', 'ec3')) });
  },
  'a body that was encoded again': () => {
    const request = signedForm(command());
    return changed(request, { body: Buffer.from(request.body.toString().replaceAll('+', '%20')) });
  },
  'a body that is longer': () => {
    const request = signedForm(command());
    return changed(request, { body: Buffer.concat([request.body, Buffer.from('&text=ec2+reboot')]) });
  },
  'a packed body': () => {
    const request = signedForm(command());
    return changed(request, { body: gzipSync(request.body), headers: { 'content-encoding': 'gzip' } });
  },
  'a packed body with a signature of its own': () =>
    changed(signed(gzipSync(Buffer.from(bodyOf(command())))), { headers: { 'content-encoding': 'gzip' } }),
  'a certificate check with a command in it': () => {
    const request = signed(`ssl_check=1&${bodyOf(command())}`);
    return without(without(request, 'x-slack-signature'), 'x-slack-request-timestamp');
  },
  'a certificate check with a wrong signature': () =>
    changed(signed('ssl_check=1&token=abc'), { headers: { 'x-slack-signature': `v0=${'0'.repeat(64)}` } }),
  'a certificate check with a signature and no time': () => without(signed('ssl_check=1'), 'x-slack-request-timestamp'),
  'a certificate check with a time and no signature': () => without(signed('ssl_check=1'), 'x-slack-signature'),
  'a certificate check that says two things': () => ({
    headers: {},
    body: Buffer.from('ssl_check=1&token=a&payload={}'),
  }),
  'a challenge without a signature': () => ({
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"type":"url_verification","challenge":"c"}'),
  }),
};

const wrongTimes: Record<string, () => string> = {
  '301 seconds ago': () => String(now() - 301),
  '302 seconds ahead': () => String(now() + 302),
  'no number': () => 'NaN',
  'half a second': () => `${now()}.5`,
  'in milliseconds': () => String(Date.now()),
  'ten to the eighteenth': () => '1000000000000000000',
  hexadecimal: () => `0x${now().toString(16)}`,
  'with a sign': () => `+${now()}`,
  'with a zero before it': () => `0${now()}`,
  nothing: () => '',
};

describe('the Slack receiver', () => {
  let api: SlackApi;
  let house: SlackHouse;
  let lines: { facts: object; message: string }[];

  const log: Log = {
    debug() {},
    info: (facts, message) => void lines.push({ facts, message }),
    warn: (facts, message) => void lines.push({ facts, message }),
    error: (facts, message) => void lines.push({ facts, message }),
  };

  before(async () => {
    lines = [];
    api = await startSlackApi();
    house = await openHouse({ apiUrl: api.apiUrl, log });
  });
  beforeEach(() => {
    lines.length = 0;
    house.turns.length = 0;
  });
  after(async () => {
    await house.close();
    await api.close();
  });

  it('takes what Slack signed [C1]', async () => {
    const answer = await house.send(signedForm(command()));

    expect(answer.status).to.equal(200);
    expect(house.turns).to.have.length(1);
  });

  for (const [what, make] of Object.entries(forged)) {
    it(`refuses ${what}, with nothing to read in the answer [C1]`, async () => {
      const answer = await house.send(make());

      expect(answer.status).to.equal(401);
      expect(answer.text).to.equal('');
      expect(answer.headers['x-slack-no-retry']).to.equal('1');
      expect(house.turns).to.have.length(0);
    });
  }

  for (const [what, make] of Object.entries(wrongTimes)) {
    it(`refuses a signed timestamp that is ${what} [C1]`, async () => {
      const body = bodyOf(command());
      const time = make();
      const digest = createHmac('sha256', signingSecret).update(`v0:${time}:${body}`).digest('hex');
      const headers = {
        'content-type': FORM_TYPE,
        'x-slack-request-timestamp': time,
        'x-slack-signature': `v0=${digest}`,
      };

      const answer = await house.send({ headers, body: Buffer.from(body) });

      expect(answer.status).to.equal(401);
      expect(house.turns).to.have.length(0);
    });
  }

  for (const skew of [-298, 298]) {
    it(`takes a clock that is ${skew} seconds away [C1]`, async () => {
      const answer = await house.send(signedForm(command(), { at: now() + skew }));

      expect(answer.status).to.equal(200);
    });
  }

  it('takes the same bytes once and reports that they came again [C1]', async () => {
    const request = signedForm(command());

    const answers = [];
    for (let times = 0; times < 10; times++) answers.push(await house.send(request));

    expect(answers.map(({ status }) => status)).to.deep.equal([200, ...Array(9).fill(401)]);
    expect(house.turns).to.have.length(1);
    expect(lines.filter(({ facts }) => 'because' in facts && facts.because === 'replayed')).to.have.length(9);
  });

  it('gives a delivery that Slack signed anew the id it had, whichever process hears it [C1]', async () => {
    const other = await openHouse({ apiUrl: api.apiUrl });
    const event = anEvent(aMention('ec2 list'));

    await house.send(signedEvent(event, { at: now() - 60 }));
    await other.send(signedEvent(event));

    expect(other.turns[0]?.id).to.equal(house.turns[0]?.id).and.equal(`slack:${event.event_id}`);
    await other.close();
  });

  it('answers the challenge of a new request URL, once it is verified [C1]', async () => {
    const answer = await house.send(
      signedEvent({ type: 'url_verification', challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' }),
    );

    expect(answer.text).to.equal('3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P');
    expect(answer.headers['content-type']).to.contain('text/plain');
  });

  it('answers a check of the certificate and nothing else that is not signed [C1]', async () => {
    const checks = ['ssl_check=1', 'ssl_check=1&token=gIkuvaNzQIHg97ATvDxqgjtO'];

    const answers = await Promise.all(checks.map((body) => house.send({ headers: {}, body: Buffer.from(body) })));

    expect(answers.map(({ status, text }) => [status, text])).to.deep.equal([
      [200, ''],
      [200, ''],
    ]);
    expect(house.turns).to.have.length(0);
  });

  for (const type of [
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=latin1',
    '',
  ]) {
    it(`does not read a signed body of the type "${type}" [C1]`, async () => {
      const answer = await house.send(signed(bodyOf(command()), { type }));

      expect(answer.status).to.equal(400);
      expect(house.turns).to.have.length(0);
    });
  }

  for (const type of [FORM_TYPE, `${FORM_TYPE};charset=utf-8`, `${FORM_TYPE}; charset=UTF-8`]) {
    it(`reads a form of the type "${type}" [C1]`, async () => {
      const answer = await house.send(signed(bodyOf(command()), { type }));

      expect(answer.status).to.equal(200);
      expect(house.turns).to.have.length(1);
    });
  }

  it('refuses more than a megabyte without reading on [C1]', async () => {
    const answer = await house.send(signed('x'.repeat(1024 * 1024 + 1)));

    expect(answer.status).to.equal(413);
    expect(answer.headers.connection).to.equal('close');
  });

  for (const [what, status, over] of [
    ['a workspace it is not installed in', 401, { team_id: 'T0FOREIGN' }],
    ['a whole organisation', 401, { is_enterprise_install: 'true', enterprise_id: 'E0FOREIGN' }],
    ['its workspace in small letters', 400, { team_id: 't0ops' }],
    ['its workspace in letters that look alike', 400, { team_id: 'Т0OPS' }],
  ] as const) {
    it(`refuses what comes from ${what}, before there is a turn [C1]`, async () => {
      const answer = await house.send(signedForm(aCommand('ec2 list', over)));

      expect([answer.status, answer.text]).to.deep.equal([status, '']);
      expect(house.turns).to.have.length(0);
    });
  }

  it('never writes what came in to its log [A5]', async () => {
    const secret = 'swordfish-in-a-command';

    await house.send(signedForm(aCommand(secret)));
    await house.send(signedForm(aCommand(secret), { secret: 'another-secret-of-somebody' }));
    await house.send(signedForm(aCommand(secret, { team_id: 'T0FOREIGN' })));

    expect(JSON.stringify(lines)).not.to.contain(secret);
  });

  it('answers nothing but POST at its address [C1]', async () => {
    const answer = await send(house.port, { headers: {}, body: Buffer.from('') }, { method: 'GET' });

    expect(answer.status).to.equal(404);
  });
});
