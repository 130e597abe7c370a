import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
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
const failure = (work: Promise<unknown>) => work.then(() => undefined, asOpsError);

describe('a webhook', () => {
  it('receives a summary as JSON text [T8]', async () => {
    const hook = await listen({ status: 200 });

    await createWebhook().post({ channel: 'webhook', id: hook.url }, view);

    hook.close();
    expect(hook.received).to.have.length(1);
    expect(JSON.parse(hook.received[0]?.body ?? ''))
      .to.have.property('text')
      .that.includes('It answers again.');
  });

  it('is not followed to another address [T8]', async () => {
    const elsewhere = await listen({ status: 200 });
    const hook = await listen({ status: 302, location: elsewhere.url });

    const error = await failure(createWebhook().post({ channel: 'webhook', id: hook.url }, view));

    hook.close();
    elsewhere.close();
    expect(error).to.include({ code: 'delivery_failed', retryable: true });
    expect(elsewhere.received).to.deep.equal([]);
  });

  for (const [status, retryable] of [
    [500, true],
    [429, true],
    [404, false],
  ] as const) {
    it(`that answers ${status} is ${retryable ? 'tried again' : 'given up'} [T8]`, async () => {
      const hook = await listen({ status });

      const error = await failure(createWebhook().post({ channel: 'webhook', id: hook.url }, view));

      hook.close();
      expect(error).to.include({ code: 'delivery_failed', retryable });
      expect(error?.hint).to.contain(retryable ? 'tried again for a day' : 'not tried again');
    });
  }
});
