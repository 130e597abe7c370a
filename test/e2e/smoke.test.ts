import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ALICE, type Installation, install } from './opsagent.ts';
import { type Serving, serveIn } from './serving.ts';

describe('opsagent smoke', function () {
  this.timeout(40_000);
  let house: Installation;
  let server: Serving;

  beforeEach(async () => {
    house = install();
    server = await serveIn(house);
  });
  afterEach(async () => {
    server.signal('SIGKILL');
    await server.ended;
    house.remove();
  });

  it('asks a running server everything people and Prometheus ask it, and ends with 0 [O4, A6]', async () => {
    const { code, stdout } = await house.run(['smoke', '--url', server.address]);

    expect(stdout.match(/^ok/gm), stdout).to.have.length(5);
    expect(code).to.equal(0);
    expect((await server.messages(ALICE)).map(({ view }) => view?.title)).to.include('What I can do for you');
  });

  it('says nothing in a conversation when it only reads [O4]', async () => {
    const { code } = await house.run(['smoke', '--read-only'], { PORT: String(server.port) });

    expect(code).to.equal(0);
    expect(await server.messages(ALICE)).to.deep.equal([]);
  });

  it('asks a worker for neither the console nor an answer [O4, O5]', async () => {
    const worker = await serveIn(house, { ROLE: 'worker' });

    const { code, stdout } = await house.run(['smoke'], { ROLE: 'worker', PORT: String(worker.port) });
    const asServer = await house.run(['smoke'], { PORT: String(worker.port) });
    worker.signal('SIGTERM');
    await worker.ended;

    expect(code, stdout).to.equal(0);
    expect(stdout.match(/^ok/gm)).to.have.length(3);
    expect(asServer.code).to.equal(1);
  });

  it('fails, line by line, where nothing listens [O4]', async () => {
    server.signal('SIGTERM');
    await server.ended;

    const nobody = await house.run(['smoke', '--url', server.address]);
    const noUrl = await house.run(['smoke', '--url', 'not a url']);

    expect(nobody.code).to.equal(1);
    expect(nobody.stdout.match(/^fail .*nothing answers/gm)).to.have.length(5);
    expect(noUrl.code).to.equal(2);
  });

  it('warns while changes are paused and does not fail, because reads go on [O4, A6]', async () => {
    await house.ask('pause changes because of the move', { as: 'bob@example.com' });

    const { code, stdout } = await house.run(['smoke', '--read-only', '--url', server.address]);

    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^warn {2}\/health +it says degraded\n {6}→ /m)
      .and.to.match(/^ok {4}\/ready/m);
  });

  it('fails where something else listens [O4]', async () => {
    const other = createServer((_, response) => void response.end('{}')).listen(0, '127.0.0.1');
    await once(other, 'listening');

    const { code, stdout } = await house.run([
      'smoke',
      '--url',
      `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    ]);
    other.close();

    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/^fail {2}\/metrics/m)
      .and.to.match(/^fail {2}console/m)
      .and.to.match(/^fail {2}help/m);
  });

  for (const outcome of ['failed', 'denied'])
    it(`fails where the server answers help with a turn that ends with ${outcome}, though all else is well [O4]`, async () => {
      const front = createServer(async ({ method, url = '' }, response) => {
        if (method === 'POST') return void response.end(JSON.stringify({ outcome }));
        const { status, text } = await server.get(url);
        response.writeHead(status).end(text);
      }).listen(0, '127.0.0.1');
      await once(front, 'listening');
      const { port } = front.address() as AddressInfo;

      const { code, stdout } = await house.run(['smoke', '--url', `http://127.0.0.1:${port}`]);
      front.close();

      expect(code, stdout).to.equal(1);
      expect(stdout.match(/^ok/gm)).to.have.length(4);
      expect(stdout).to.match(new RegExp(`^fail {2}help +the turn ended with ${outcome}\\n {6}→ `, 'm'));
    });
});
