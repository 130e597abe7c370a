import { expect } from 'chai';
import { storedMessage } from '../../../adapters/web/shared-messages.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import type { Live } from '../../../store/live/live.ts';
import { createLocalHub } from '../../../store/live/local-live.ts';
import { anApproval } from '../views.ts';
import { type EventStream, openEvents } from './event-stream.ts';
import { startWeb, type WebHarness } from './web-harness.ts';

const ALICE = 'alice@example.com';
const BOB = 'bob@example.com';
const said = { kind: 'message', title: 'Done', status: 'good', body: 'It runs.' } as const;
const channel = { channel: 'web', id: '#ops' };

describe('two consoles on one store', () => {
  let first: WebHarness;
  let second: WebHarness;
  let stranger: Live;
  let gaps: (() => void | Promise<void>)[];

  beforeEach(async () => {
    const hub = createLocalHub(silentLog);
    gaps = [];
    stranger = hub.join();
    first = await startWeb({ live: hub.join() });
    second = await startWeb({ store: first.store, live: { ...hub.join(), onGap: (look) => void gaps.push(look) } });
  });

  afterEach(async () => {
    await second.close();
    await first.close();
  });

  const titles = ({ seen }: EventStream) => seen.map(({ event, data: { view } }) => view?.title ?? event);
  const settle = () => systemClock.sleep(100);

  it('show what the other posted and edited, once [G11, C3]', async () => {
    const stream = await openEvents(second.port, '#ops', BOB);

    const message = await first.web.post(channel, said);
    await settle();
    await first.web.update(message, { ...said, title: 'Changed' });
    await settle();

    expect(titles(stream)).to.deep.equal(['Done', 'Changed']);
  });

  it('show a whisper to its reader only, and no token to anybody [C8, G5]', async () => {
    const [alice, bob] = await Promise.all([ALICE, BOB].map((who) => openEvents(second.port, '#ops', who)));
    const own = await openEvents(second.port, 'me', ALICE);

    await first.web.whisper(channel, ALICE, said);
    await first.web.post({ channel: 'web', id: `dm:${ALICE}` }, anApproval({ token: 'approve-secret' }));
    await settle();

    expect(titles(alice as EventStream)).to.include('Done');
    expect(titles(bob as EventStream)).not.to.include('Done');
    expect(own.seen.some(({ data: { view } }) => view?.kind === 'approval')).to.equal(true);
    expect(JSON.stringify(own.seen)).not.to.include('approve-secret');
  });

  it('ignore a hint at a message that is not there, or in another conversation [G5, C3]', async () => {
    const stream = await openEvents(second.port, '#ops', BOB);
    const { message } = await first.web.post({ channel: 'web', id: `dm:${ALICE}` }, said);

    stranger.publish(storedMessage, { conversation: '#ops', message });
    stranger.publish(storedMessage, { conversation: '#ops', message: 'msg-none' });
    await settle();

    expect(titles(stream)).to.deep.equal([]);
  });

  it('look for themselves what they were not told, and show it once [G11]', async () => {
    const alone = await startWeb({ store: first.store });
    const stream = await openEvents(second.port, '#ops', BOB);
    await alone.web.post(channel, said);
    await settle();
    const before = titles(stream);

    for (let n = 0; n < 2; n += 1) await Promise.all(gaps.map((look) => look()));
    await settle();
    await alone.close();

    expect(before).to.deep.equal([]);
    expect(titles(stream)).to.deep.equal(['Done']);
  });
});
