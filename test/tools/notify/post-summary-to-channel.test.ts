import { expect } from 'chai';
import { postSummaryToChannel } from '../../../tools/notify/post-summary-to-channel.ts';
import { createBench, failureOf, refusals, run } from '../bench.ts';

const WEBHOOK = 'https://hooks.example.com/T1/secret';

describe('post_summary_to_channel', () => {
  it('posts to the first channel, a named one with or without #, or a stored webhook [T8]', async () => {
    const { context, posts } = await createBench();
    const post = (input: Record<string, string>) =>
      run(postSummaryToChannel, { text: 'web-2 is back', ...input }, context);

    const ends = [
      await post({}),
      await post({ channel: '#web' }),
      await post({ channel: 'web' }),
      await post({ webhook_url: WEBHOOK }),
    ];

    expect(posts.map(({ to }) => to)).to.deep.equal([
      { channel: '#ops' },
      { channel: '#web' },
      { channel: '#web' },
      { webhookUrl: WEBHOOK },
    ]);
    expect(posts[0]?.view).to.deep.include({
      kind: 'message',
      title: 'Message from Alice',
      body: 'web-2 is back',
      correlationId: 'c-1',
    });
    expect(ends.map(({ view }) => view.title)).to.deep.equal([
      'Posted to #ops',
      'Posted to #web',
      'Posted to #web',
      'Posted to the webhook at hooks.example.com',
    ]);
    expect(JSON.stringify(ends[3]?.output)).not.to.include('secret');
  });

  const elsewhere: Record<string, string>[] = [
    { channel: '#elsewhere' },
    { channel: 'OPS' },
    { webhook_url: `${WEBHOOK}/` },
    { webhook_url: `${WEBHOOK}?x=1` },
    { webhook_url: 'https://hooks.example.com.evil.example/T1/secret' },
  ];
  for (const input of elsewhere) {
    it(`refuses ${Object.values(input)[0]}, says what is allowed and posts nothing [T8]`, async () => {
      const { context, posts } = await createBench();

      const error = await failureOf(run(postSummaryToChannel, { text: 'x', ...input }, context));

      expect(error).to.include({ code: 'input_invalid', hint: 'Allowed: channels #ops, #web; 1 stored webhook.' });
      expect(`${error.message}${error.hint}`).not.to.include('secret');
      expect(posts).to.deep.equal([]);
    });
  }

  it('refuses when nothing is configured [T8]', async () => {
    const { context } = await createBench();
    const notify = { ...context.notify, channels: [], webhooks: [] };

    const error = await failureOf(run(postSummaryToChannel, { text: 'x' }, { ...context, notify }));

    expect(error.hint).to.equal('Allowed: no channel is configured; no webhook is stored.');
  });

  it('refuses no text, long text, both destinations and plain http [T8]', () => {
    expect(refusals(postSummaryToChannel, { text: '  ' })[0]).to.match(/some text to post/);
    expect(refusals(postSummaryToChannel, { text: 'x'.repeat(3001) })[0]).to.match(/at most 3000/);
    expect(refusals(postSummaryToChannel, { text: 'x', channel: '#ops', webhook_url: WEBHOOK })[0]).to.match(
      /not both/,
    );
    expect(refusals(postSummaryToChannel, { text: 'x', webhook_url: 'http://hooks.example.com' })[0]).to.match(
      /stored https/,
    );
  });
});
