import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { keepConnections } from '../../../adapters/http/connections.ts';

const MORE_THAN_A_SOCKET_HOLDS = Buffer.alloc(16 * 1024 * 1024, 'x');

describe('the connections of the server', () => {
  let server: Server;
  let port: number;
  /** Asked in whole and not answered. */
  let waiting: ServerResponse[];
  let sockets: Socket[];

  beforeEach(async () => {
    waiting = [];
    sockets = [];
    server = createServer((request, response) => {
      if (!connections.begin(request, response)) return;
      if (request.url === '/wait') waiting.push(response);
      else if (request.url === '/much') response.end(MORE_THAN_A_SOCKET_HOLDS);
      else if (request.method === 'GET') response.end('well');
    });
    const connections = keepConnections(server, { most: 3, takenWithinMs: 300 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    server.closeAllConnections();
  });

  async function open(says = ''): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port });
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (says !== '') socket.write(says);
    await sleep(30);
    return socket;
  }
  const asks = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const isCut = (socket: Socket) => socket.destroyed || socket.readyState !== 'open';
  const heard = async (socket: Socket) => String((await once(socket, 'data'))[0]);
  const reading = async (says = '') => (await open(says)).resume();

  it('when there are too many, lose the one that has said nothing for longest [E9]', async () => {
    const [first, second, third] = [await reading(), await reading(), await reading()];
    first.write(asks('/'));
    await sleep(30);

    const fourth = await reading();

    expect([first, second, third, fourth].map(isCut)).to.deep.equal([false, true, false, false]);
  });

  it('when there are too many, lose half a request and half a body before who waits for an answer [E9]', async () => {
    const waits = await open(asks('/wait'));
    const half = await reading('GET / HTTP/1.1\r\nHost:');
    const body = await reading('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1');

    await reading();
    await reading();
    const answered = heard(waits);
    waiting[0]?.end('late');

    expect([half, body].map(isCut)).to.deep.equal([true, true]);
    expect(await answered).to.contain('late');
  });

  it('when there are too many, lose an answer that nobody takes [E9]', async () => {
    const takesNothing = await open(asks('/much'));
    takesNothing.pause();

    for (let more = 0; more < 3; more += 1) await reading();
    takesNothing.resume();
    await once(takesNothing, 'close');

    expect(takesNothing.bytesRead).to.be.lessThan(MORE_THAN_A_SOCKET_HOLDS.length);
  });

  it('that take no answer are cut after a while, those that wait for one are not [E9]', async () => {
    const waits = await open(asks('/wait'));
    const takesNothing = await open(asks('/much'));
    takesNothing.pause();

    await sleep(800);
    takesNothing.resume();
    await once(takesNothing, 'close');
    const answered = heard(waits);
    waiting[0]?.end('late');

    expect(takesNothing.bytesRead).to.be.lessThan(MORE_THAN_A_SOCKET_HOLDS.length);
    expect(await answered).to.contain('late');
  });

  it('ask one thing after the other: a second before the answer to the first ends them [E9]', async () => {
    const patient = await open();
    patient.write(asks('/'));
    const one = await heard(patient);
    patient.write(asks('/'));
    const other = await heard(patient);

    const hasty = await open();
    const closed = once(hasty.resume(), 'close');
    hasty.write(asks('/wait').repeat(1_000));
    await closed;

    expect([one, other].every((answer) => answer.endsWith('well'))).to.equal(true);
    expect(waiting).to.have.length(1);
  });
});
