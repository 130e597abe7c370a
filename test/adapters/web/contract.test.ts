import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { channelContract } from '../channel-contract.ts';
import { startWeb } from './web-harness.ts';

channelContract('web', async (answering) => {
  const house = await startWeb({ onTurn: answering });
  return {
    channel: house.web,
    conversation: { channel: 'web', id: '#ops' },
    async says(person, text) {
      const body = { id: randomUUID(), conversation: '#ops', text };
      const { status } = await house.send({ method: 'POST', path: '/api/turns', person, body });
      expect(status).to.equal(200);
    },
    async sees(person) {
      const { json } = await house.send({ path: '/api/conversations/%23ops/messages', person });
      return (json.messages ?? []).map(({ card, text }) => (card ? texts(card).join('\n') : text)).join('\n');
    },
    chart: /data:image\/svg\+xml/,
    updates: 'in place',
    close: house.close,
  };
});

/** What the console draws of a card: every text in its body and buttons. */
function texts(card: { body: unknown; actions: unknown }): string[] {
  const strings = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.values(value).flatMap(strings);
  };
  return [card.body, card.actions].flatMap(strings);
}
