import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { BrowserMessage } from '../../../adapters/web/browser-message.ts';
import { OpsError } from '../../../lib/errors.ts';
import { type ChannelHarness, channelContract, type OpenChannel } from '../channel-contract.ts';
import { startWeb, type WebHarness } from './web-harness.ts';

const CONVERSATION = '#ops';
const away = new OpsError('delivery_failed', 'the store is busy', { hint: 'Wait.', retryable: true });

const open: OpenChannel = async (answering, ground) => {
  const start = () => startWeb({ onTurn: answering, store: ground?.store });
  let house = await start();
  let last = {};
  let lost = 0;
  /** What was before somebody's eyes: a page that is not up to date still has it. */
  const buttons = new Map<string, object>();

  async function turn(person: string, part: object): Promise<void> {
    last = {
      method: 'POST',
      path: '/api/turns',
      person,
      body: { id: randomUUID(), conversation: CONVERSATION, ...part },
    };
    await send(house, last);
  }

  /** The channel as the house is given it: some of what it should say gets lost. */
  const leaky = (): ChannelHarness['channel'] => ({
    ...house.web,
    post: (to, view) => lossy(() => house.web.post(to, view)),
    update: (message, view) => lossy(() => house.web.update(message, view)),
  });
  async function lossy<T>(work: () => Promise<T>): Promise<T> {
    if (lost === 0) return work();
    lost -= 1;
    throw away;
  }

  return {
    get channel() {
      return leaky();
    },
    conversation: { channel: 'web', id: CONVERSATION },
    says: (person, text) => turn(person, { text }),
    async sees(person) {
      return (await messages(house, person)).map(textOf).join('\n');
    },
    async presses(person, label, reason) {
      const shown = await messages(house, person);
      const words = shown.flatMap(({ view }) => sayings(view, label)).at(-1);
      if (words !== undefined) return turn(person, { text: words });
      const decision = shown.flatMap(({ view }) => decisions(view, label)).at(-1);
      buttons.set(label, { ...(decision ?? buttons.get(label)) });
      await turn(person, { decision: { ...buttons.get(label), ...(reason && { reason }) } });
    },
    replays: () => send(house, last),
    losesNext(n) {
      lost = n;
    },
    async restart() {
      await house.close();
      house = await start();
    },
    chart: /data:image\/svg\+xml/,
    screen: 'own',
    updates: 'in place',
    close: () => house.close(),
  };
};

channelContract('web', open);

async function send(house: WebHarness, ask: object): Promise<void> {
  const { status } = await house.send(ask as Parameters<WebHarness['send']>[0]);
  expect(status).to.equal(200);
}

async function messages(house: WebHarness, person: string): Promise<BrowserMessage[]> {
  const { json } = await house.send({
    path: `/api/conversations/${encodeURIComponent(CONVERSATION)}/messages`,
    person,
  });
  return json.messages ?? [];
}

function sayings(view: BrowserMessage['view'], label: string): string[] {
  return (view?.actions ?? []).flatMap((action) =>
    action.kind === 'say' && action.label === label ? [action.text] : [],
  );
}

function decisions(view: BrowserMessage['view'], label: string) {
  return (view?.actions ?? []).flatMap((action) =>
    action.kind === 'decide' && action.label === label
      ? [{ verdict: action.verdict, approvalId: action.approvalId, digest: action.digest }]
      : [],
  );
}

const textOf = ({ card, text }: BrowserMessage): string => (card ? texts(card).join('\n') : (text ?? ''));

/** What the console draws of a card: every text in its body and buttons. */
function texts(card: { body: unknown; actions: unknown }): string[] {
  const strings = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.values(value).flatMap(strings);
  };
  return [card.body, card.actions].flatMap(strings);
}
