import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { expect } from 'chai';
import { createPolicyWebhook } from '../../../adapters/webhook/policy-webhook.ts';
import { createWebhook } from '../../../adapters/webhook/webhook.ts';
import { asOpsError } from '../../../lib/errors.ts';

/** A webhook that keeps what it is sent and answers as told. */
async function listen(answer: { status: number; location?: string }) {
  const received: { path?: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ path: request.url, body });
    response.writeHead(answer.status, answer.location ? { location: answer.location } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, received, close: () => server.close() };
}

const view = { kind: 'message' as const, title: 'web-2 is back', body: 'It answers again.' };
const anyWebhook = createWebhook({ isStored: () => true, mayDial: () => true });
const failure = (work: Promise<unknown>) => work.then(() => undefined, asOpsError);

describe('a webhook', () => {
  it('receives a summary as JSON text [T8]', async () => {
    const hook = await listen({ status: 200 });

    await anyWebhook.post({ channel: 'webhook', id: hook.url }, view);

    hook.close();
    expect(hook.received).to.have.length(1);
    expect(JSON.parse(hook.received[0]?.body ?? ''))
      .to.have.property('text')
      .that.includes('It answers again.');
  });

  it('is not followed to another address [T8]', async () => {
    const elsewhere = await listen({ status: 200 });
    const hook = await listen({ status: 302, location: elsewhere.url });

    const error = await failure(anyWebhook.post({ channel: 'webhook', id: hook.url }, view));

    hook.close();
    elsewhere.close();
    expect(error).to.include({ code: 'delivery_failed', retryable: false });
    expect(elsewhere.received).to.deep.equal([]);
  });

  for (const [status, retryable] of [
    [500, true],
    [429, true],
    [404, false],
  ] as const) {
    it(`that answers ${status} is ${retryable ? 'tried again' : 'given up'} [T8]`, async () => {
      const hook = await listen({ status });

      const error = await failure(anyWebhook.post({ channel: 'webhook', id: hook.url }, view));

      hook.close();
      expect(error).to.include({ code: 'delivery_failed', retryable });
      expect(error?.hint).to.contain(retryable ? 'tried again for a day' : 'not tried again');
    });
  }

  it('that is not in the policy file any more gets nothing [T8]', async () => {
    const hook = await listen({ status: 200 });
    const webhook = createPolicyWebhook(() => ({ webhooks: [`${hook.url}/longer`], private_webhook_hosts: [] }));

    const error = await failure(webhook.post({ channel: 'webhook', id: hook.url }, view));

    hook.close();
    expect(error?.message).to.include('not in the policy file');
    expect(hook.received).to.deep.equal([]);
  });

  it('leads into a private network only where the policy file says so, and never to this machine [T8]', async () => {
    const url = 'https://chat.internal.example/hooks/1';
    const reached = async (address: string, privateHosts: string[]) => {
      const policy = { webhooks: [url], private_webhook_hosts: privateHosts };
      const resolve: LookupFunction = (_host, _options, done) => done(null, [{ address, family: 4 }]);
      const webhook = createPolicyWebhook(() => policy, resolve);
      const error = await failure(webhook.post({ channel: 'webhook', id: url }, view));
      return !error?.message.includes('is not connected to');
    };

    const ends = await Promise.all([
      reached('10.1.2.3', []),
      reached('127.0.0.1', ['chat.internal.example']),
      reached('169.254.169.254', ['chat.internal.example']),
    ]);

    expect(ends).to.deep.equal([false, false, false]);
  });
});
