import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createStreams } from '../../../../adapters/web/sse.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { silentLog } from '../../../../lib/log.ts';
import { openEvents } from '../event-stream.ts';

/** A clock whose pauses end when the test says so. */
function clockOfBeats(): { clock: Clock; beat(): void } {
  let waiting: (() => void) | undefined;
  const clock: Clock = {
    now: () => Date.now(),
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        waiting = resolve;
        signal?.addEventListener('abort', () => reject(new Error('stopped')));
      }),
  };
  return { clock, beat: () => waiting?.() };
}

describe('an event stream of a session', () => {
  it('ends with the heartbeat after another process ended the session, and outlasts a store that is away [C3]', async () => {
    const { clock, beat } = clockOfBeats();
    const streams = createStreams(clock, silentLog);
    const state = {
      over: async () => false,
      away: async () => Promise.reject(new Error('away')),
      live: async () => true,
    };
    let session: keyof typeof state = 'live';
    const server = createServer((request, response) => {
      const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('conversation') ?? '';
      const isLive = () => (id === 'one' ? state[session]() : Promise.resolve(true));
      streams.open(response, { conversation: id, personId: 'a', isKnown: () => true, session: { id, isLive } });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [one, two] = [await openEvents(port, 'one', 'a'), await openEvents(port, 'two', 'a')];

    session = 'away';
    beat();
    streams.progress('one', 'still heard');
    await one.count(1);
    session = 'over';
    beat();
    await one.ended;
    streams.progress('two', 'not touched');

    expect((await two.count(1)).map(({ data }) => data.text)).to.deep.equal(['not touched']);
    expect([...streams.conversations()]).to.deep.equal(['two']);
    streams.end();
    server.close();
  });
});
