import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { readJsonBody } from '../../../adapters/http/json-body.ts';
import { readRawBody } from '../../../adapters/http/raw-body.ts';

const MEGABYTE = 1024 * 1024;

describe('bodies that come in', () => {
  let server: Server;
  let port: number;
  let sockets: Socket[];
  /** What became of each, in the order in which they ended. */
  let ended: string[];

  beforeEach(async () => {
    sockets = [];
    ended = [];
    server = createServer(async (request, response) => {
      const became =
        request.url === '/json'
          ? await readJsonBody(request).then((body) => ('refused' in body ? `${body.refused.status}` : 'read'))
          : await readRawBody(request, MEGABYTE).then(
              (body) => `${body?.length}`,
              () => 'cut off',
            );
      ended.push(`${request.headers['x-name']} ${became}`);
      response.end(became);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    server.closeAllConnections();
  });

  /** Announces a megabyte and sends all of it but so much. */
  function send(name: string, missing: number, path = '/'): Socket {
    const socket = connect({ host: '127.0.0.1', port });
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nx-name: ${name}\r\ncontent-type: application/json\r\n`);
    socket.write(`content-length: ${MEGABYTE}\r\n\r\n`);
    socket.write(Buffer.alloc(MEGABYTE - missing, 'x'));
    return socket;
  }

  it('are 64 MB together and no more: the one that has been coming for longest is cut off [E9]', async () => {
    const first = send('first', 1);
    await once(first, 'drain').catch(() => undefined);
    const firstCut = once(first, 'close');

    for (let more = 0; more < 70; more += 1) send(`held-${more}`, 1);
    await firstCut;
    const last = send('last', 0);
    await once(last, 'data');

    expect(ended[0]).to.equal('first cut off');
    expect(ended).to.include(`last ${MEGABYTE}`);
    expect(ended.filter((one) => one.endsWith('cut off')).length).to.be.within(6, 30);
  });

  it('count no more once they are whole or their sender is gone [E9]', async () => {
    const slow = send('slow', 1);
    for (let more = 0; more < 50; more += 1) {
      await once(send(`whole-${more}`, 0), 'data');
      const gone = send(`gone-${more}`, MEGABYTE / 2);
      if (gone.writableLength > 0) await once(gone, 'drain');
      gone.destroy();
    }
    while (ended.length < 100) await sleep(10);

    slow.write('x');
    await once(slow, 'data');

    expect(ended.filter((one) => one.startsWith('whole')).every((one) => one.endsWith(`${MEGABYTE}`))).to.equal(true);
    expect(ended.at(-1)).to.equal(`slow ${MEGABYTE}`);
  });

  it('of JSON that stop in the middle are the sender’s fault, not ours [E9]', async () => {
    const socket = send('half', MEGABYTE / 2, '/json');
    await once(socket, 'connect');
    socket.destroySoon();
    while (ended.length === 0) await sleep(10);

    expect(ended).to.deep.equal(['half 400']);
  });
});
