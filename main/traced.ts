import type { Channel } from '../bot/channel.ts';
import type { Model } from '../bot/llm/model.ts';
import type { createUnderstanding } from '../bot/understand/understand.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import type { Store } from '../store/store.ts';

/** Around the seams of the house, a span for each crossing. With traces off each gives back what it was given. */

type Spans = Pick<Telemetry, 'isOn' | 'span' | 'past'>;
type Understand = ReturnType<typeof createUnderstanding>;

export function tracedStore(store: Store, { isOn, span }: Spans): Store {
  if (!isOn) return store;
  return {
    ...store,
    transact: (writes, options) =>
      span('store', {}, async (tell) => {
        const end = await store.transact(writes, options);
        tell({ outcome: end.committed ? 'committed' : 'refused' });
        return end;
      }),
  };
}

export function tracedUnderstanding(understand: Understand, { isOn, past }: Spans): Understand {
  if (!isOn) return understand;
  return (text, context) => {
    const started = performance.now();
    const meant = understand(text, context);
    past('understand', { kind: meant.kind }, performance.now() - started);
    return meant;
  };
}

export function tracedModel(model: Model, provider: string, { isOn, span }: Spans): Model {
  if (!isOn) return model;
  return {
    ...model,
    reply: (request) =>
      span('model', { provider }, async (tell) => {
        const reply = await model.reply(request);
        tell({ outcome: reply.end });
        return reply;
      }),
  };
}

export function tracedChannel(channel: Channel, { isOn, span }: Spans): Channel {
  if (!isOn) return channel;
  const { name } = channel;
  const facts = (what: string, view: { correlationId?: string }) => ({
    ...{ channel: name, what },
    ...(view.correlationId === undefined ? {} : { correlationId: view.correlationId }),
  });
  return {
    ...channel,
    post: (to, view) => span('deliver', facts('post', view), () => channel.post(to, view)),
    update: (message, view) => span('deliver', facts('update', view), () => channel.update(message, view)),
    whisper: (to, userId, view) => span('deliver', facts('whisper', view), () => channel.whisper(to, userId, view)),
  };
}
