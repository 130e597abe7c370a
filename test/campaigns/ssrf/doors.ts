import { createConnector } from '../../../adapters/teams/connector.ts';
import { createMaySendTo, type MaySendTo } from '../../../adapters/teams/service-url.ts';
import { createTransport } from '../../../adapters/teams/transport.ts';
import { createPolicyWebhook } from '../../../adapters/webhook/policy-webhook.ts';
import { createWebhook } from '../../../adapters/webhook/webhook.ts';
import { createDispatcher } from '../../../bot/dispatcher.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { aPress } from '../../adapters/slack/payloads.ts';
import { signedInteraction } from '../../adapters/slack/signed-requests.ts';
import { startSlackApi } from '../../adapters/slack/slack-api.ts';
import { openHouse } from '../../adapters/slack/slack-house.ts';
import { said } from '../../adapters/teams/activities.ts';
import { APP_ID, teamsPerson } from '../../adapters/teams/people.ts';
import { startTeams } from '../../adapters/teams/teams-house.ts';
import { caller, createHouse } from '../../approvals/house.ts';
import { type Address, STORED, TEAMS } from './corpus.ts';
import type { Dials } from './dials.ts';

export type SsrfSabotage = 'prefix match' | 'addresses are not checked' | 'looked up twice';

/** A way in which an address gets into the house. `send` brings it there and waits for all that comes of it. */
export interface Door {
  name: string;
  /** The operator's own file names the host, so that it may be asked for; no other may. */
  mayAsk: (host: string) => boolean;
  /** Names turn between the look and the dial. */
  turning?: true;
  send(address: Address): Promise<void>;
  close(): Promise<void>;
}

type Open = (dials: Dials, sabotage: SsrfSabotage | undefined) => Promise<Door>;

const view = { kind: 'message' as const, title: 'web-2 is back', body: 'It answers again.' };
const stored = { webhooks: [STORED], private_webhook_hosts: [] };
const nobody = async () => {};
const never = () => false;
/** What it says is not looked at: the witness is. */
const whatever = () => undefined;
const begins = (url: string, allowed: string): boolean => url.startsWith(new URL(allowed).origin);

function webhookFor({ resolve }: Dials, sabotage: SsrfSabotage | undefined) {
  if (sabotage !== 'prefix match') return createPolicyWebhook(() => stored, resolve);
  return createWebhook({ isStored: (url) => begins(url, STORED), mayDial: never, resolve });
}

/** `post … webhook=<address>`, as a person or a model says it. */
const saidToTheTool: Open = async (dials, sabotage) => {
  const house = await createHouse({ settings: { webhooks: [STORED] } });
  const channels = new Map([['webhook', webhookFor(dials, sabotage)]]);
  const { store, clock, desk } = house;
  const dispatcher = createDispatcher({ store, clock, log: silentLog, desk, channels });
  return {
    ...{ name: 'said to the tool', mayAsk: never },
    async send({ url }) {
      const input = { text: 'web-2 is back', webhook_url: url };
      await house.gate.submit({ tool: 'post_summary_to_channel', input }, caller('alice'));
      await dispatcher.flush();
    },
    close: () => store.close(),
  };
};

/** A row of the outbox that is older than the policy file, or was changed by somebody. */
const queued: Open = async (dials, sabotage) => {
  const webhook = webhookFor(dials, sabotage);
  return {
    ...{ name: 'queued for a webhook', mayAsk: never, close: nobody },
    send: ({ url }) => webhook.post({ channel: 'webhook', id: url }, view).then(whatever, whatever),
  };
};

/** The operator's own file names it: a slip of the pen, or a host whose owner turns its name. */
const configured: Open = async ({ resolve }, sabotage) => ({
  ...{ name: 'configured as a webhook', mayAsk: () => true, close: nobody },
  async send({ url }) {
    const webhook =
      sabotage === 'addresses are not checked'
        ? createWebhook({ isStored: () => true, mayDial: () => true, resolve })
        : createPolicyWebhook(() => ({ webhooks: [url], private_webhook_hosts: [] }), resolve);
    await webhook.post({ channel: 'webhook', id: url }, view).then(whatever, whatever);
  },
});

/** The name leads to the public when it is looked at, and to a hidden place from then on. */
const rebinding: Open = async ({ resolve }, sabotage) => {
  const twice: typeof resolve = (host, options, done) =>
    resolve(host, options, () => resolve(host, options, (error, found) => done(error, found)));
  const isTwice = sabotage === 'looked up twice';
  const mayDial = (_host: string, address: string) => isTwice || address === '127.77.77.77';
  const webhook = createWebhook({ isStored: () => true, mayDial, resolve: isTwice ? twice : resolve });
  return {
    ...{ name: 'rebound after the look', mayAsk: () => true, turning: true, close: nobody },
    send: ({ url }) => webhook.post({ channel: 'webhook', id: url }, view).then(whatever, whatever),
  };
};

/** The stored service address of a conversation in Teams, with a token to be had for it. */
const serviceUrl: Open = async ({ resolve }, sabotage) => {
  const exact = createMaySendTo({ credentials: { appId: APP_ID, appType: 'MultiTenant' } });
  const maySendTo: MaySendTo = sabotage === 'prefix match' ? (url) => begins(url, TEAMS) : exact;
  const vendor = { authorization: async () => 'Bearer a-token-for-teams' } as Parameters<typeof createConnector>[0];
  const connector = createConnector(vendor, createTransport(maySendTo, resolve), maySendTo, systemClock);
  return {
    ...{ name: 'service address of Teams', mayAsk: never, close: nobody },
    send: ({ url }) => connector.send({ service_url: url }, 'a:1', {}).then(whatever, whatever),
  };
};

/** A genuine activity whose token vouches for the address. */
const activity: Open = async () => {
  const house = await startTeams();
  const alice = teamsPerson('alice@example.com');
  return {
    ...{ name: 'activity of Teams', mayAsk: never, close: house.close },
    async send({ url }) {
      const body = said(alice, { id: 'a:1', type: 'personal' }, url, 'help');
      await house.sends(body, { authorization: `Bearer ${house.issuer.token(url)}` });
    },
  };
};

/** Slack offers an address to answer to with each press. */
const responseUrl: Open = async () => {
  const api = await startSlackApi();
  const house = await openHouse({ apiUrl: api.apiUrl });
  return {
    ...{ name: 'response_url of Slack', mayAsk: never },
    async send({ url }) {
      const press = {
        ...aPress({ action_id: 'say:1', value: 'help' }),
        response_url: url,
        response_urls: [{ response_url: url }],
      };
      await house.send(signedInteraction(press));
      await house.settled();
    },
    async close() {
      await house.close();
      await api.close();
    },
  };
};

export const DOORS: readonly Open[] = [
  ...[saidToTheTool, queued, configured, rebinding, serviceUrl, activity, responseUrl],
];
