import { connect } from 'node:net';
import { expect } from 'chai';
import { aMessage } from '../views.ts';
import { openEvents } from './event-stream.ts';
import { answered, send, startWeb } from './web-harness.ts';

const person = 'alice@example.com';
const body = { id: '0b0f1a52-6c68-4f0e-9d7c-5f0b6f2f7a01', conversation: 'me', text: 'slow' };

describe('web stop', () => {
  it('finishes the requests under way, ends the streams and takes no more [O5]', async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const house = await startWeb({
      onTurn: async (turn, web) => {
        started.resolve();
        await finish.promise;
        await web.post(turn.conversation, aMessage('late but whole'));
        return answered;
      },
    });
    const stream = await openEvents(house.port, 'me', person);
    const slow = house.send({ method: 'POST', path: '/api/turns', person, body });
    await started.promise;

    const stopped = house.web.stop();
    await stream.ended;
    const refused: unknown = await send(house.port, { path: '/health' }).catch((error: unknown) => error);
    finish.resolve();
    const answer = await slow;
    await stopped;

    expect(refused).to.have.property('code', 'ECONNREFUSED');
    expect(answer.json).to.deep.equal(answered);
    await house.close();
  });

  it('cuts a request that is still not done after 5 s [O5]', async () => {
    const started = Promise.withResolvers<void>();
    const waits: number[] = [];
    const clock = { now: () => 0, sleep: async (ms: number) => void waits.push(ms) };
    const house = await startWeb({
      clock,
      onTurn: () => {
        started.resolve();
        return new Promise(() => undefined);
      },
    });
    const hanging = house.send({ method: 'POST', path: '/api/turns', person, body }).catch((error: unknown) => error);
    await started.promise;

    await house.web.stop();

    expect(waits).to.deep.equal([5_000]);
    expect(await hanging).to.have.property('code', 'ECONNRESET');
    await house.close();
  });

  it('does not wait for a connection that says nothing', async () => {
    const waits: number[] = [];
    const clock = { now: () => 0, sleep: (ms: number) => new Promise<void>(() => void waits.push(ms)) };
    const house = await startWeb({ clock });
    const silent = connect(house.port, '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));

    await house.web.stop();

    expect(waits).to.deep.equal([5_000]);
    silent.destroy();
    await house.close();
  });
});
