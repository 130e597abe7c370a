import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Channel } from '../../../bot/channel.ts';
import { wakeOthers } from '../../../bot/wake-others.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { openRedisLive } from '../../../store/live/redis-live.ts';
import { startSlackApi } from '../../adapters/slack/slack-api.ts';
import { openHouse } from '../../adapters/slack/slack-house.ts';
import { channel, team } from '../../adapters/slack/slack-world.ts';
import { installed } from '../../adapters/teams/activities.ts';
import { startConnector } from '../../adapters/teams/connector.ts';
import { startIssuer } from '../../adapters/teams/issuer.ts';
import { teamsPeople, teamsPerson } from '../../adapters/teams/people.ts';
import { SECRET, startTeams } from '../../adapters/teams/teams-house.ts';
import { type Bench, type Dependency, type Fault, openBench } from './bench.ts';
import { brokenWire, type Wire } from './broken-wire.ts';

const portOf = (url: string): number => Number(new URL(url).port);

/** Breaking and healing take a moment of the network; the story waits where it can. */
function onWire(bench: Bench, wire: Wire, fault: Fault, more: Pick<Bench, 'wrong' | 'close'>): Bench {
  let breaking: Promise<void> = Promise.resolve();
  const close = async () => {
    await more.close();
    await wire.close();
    await bench.house.store.close();
  };
  return Object.assign(bench, {
    wrong: more.wrong,
    close,
    break() {
      breaking = wire.break(fault);
    },
    async heal() {
      await breaking;
      await wire.heal();
    },
  });
}

interface Chat {
  channel: Channel;
  /** The place in it where approvers are asked and hear the end. */
  place: string;
  wire: Wire;
  /** What stands there. */
  texts(): string[];
  close(): Promise<void>;
}

/** A card that arrived late is there all the same, and ends as the change did. */
async function chatBench({ channel: chat, place, wire, texts, close }: Chat, fault: Fault, sabotage: Sabotage) {
  const isForgetful = sabotage === 'what was not delivered counts as delivered';
  const channels = [isForgetful ? forgetful(chat) : chat];
  const bench = await openBench({ channels, asksIn: { channel: chat.name, id: place }, sabotage });
  const wrong = () => {
    const told = texts();
    if (told.length < 2) return [`of the card and the end ${told.length} arrived`];
    return told.some((text) => text.includes('Waiting for approval')) ? ['a card waits for ever'] : [];
  };
  return onWire(bench, wire, fault, { wrong, close });
}

type Sabotage = Parameters<Dependency['open']>[1];

const forgetful = (chat: Channel): Channel => ({
  ...chat,
  post: (to, view) =>
    chat.post(to, view).catch(() => ({ channel: chat.name, conversation: to.id, message: '1.000001' })),
});

export const slack: Dependency = {
  name: 'Slack',
  moments: ['asked', 'approved'],
  async open(fault, sabotage) {
    const api = await startSlackApi();
    const wire = await brokenWire(portOf(api.apiUrl));
    const house = await openHouse({ apiUrl: `http://127.0.0.1:${wire.port}/api/` });
    const texts = () => api.world.messages.map(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`);
    const close = async () => {
      await house.close();
      await api.close();
    };
    const chat = { channel: house.slack, place: `${team}/${channel}`, wire, texts, close };
    return chatBench(chat, fault, sabotage);
  },
};

const GROUP = '19:0123456789abcdef@thread.v2';

export const teams: Dependency = {
  name: 'Teams',
  moments: ['asked', 'approved'],
  async open(fault, sabotage) {
    const connector = await startConnector(SECRET);
    const issuer = await startIssuer();
    const wire = await brokenWire(portOf(connector.serviceUrl));
    const serviceUrl = connector.serviceUrl.replace(/:\d+/, `:${wire.port}`);
    const house = await startTeams({ connector, issuer, serviceHosts: [new URL(serviceUrl).host] });
    const group = connector.add(GROUP, 'groupChat', teamsPeople);
    const authorization = `Bearer ${issuer.token(serviceUrl)}`;
    await house.sends(installed(teamsPerson('alice@example.com'), group, serviceUrl), { authorization });
    const texts = () => [...group.activities.values()].map((activity) => JSON.stringify(activity));
    const close = async () => {
      await house.close();
      await connector.close();
      await issuer.close();
    };
    return chatBench({ channel: house.teams, place: GROUP, wire, texts, close }, fault, sabotage);
  },
};

/** Hints between processes: without them everything is as it is alone. */
export const redis: Dependency = {
  name: 'Redis',
  moments: ['asked', 'approved', 'called'],
  async open(fault, sabotage) {
    const yes = createServer((socket) => socket.on('error', () => {}).on('data', () => socket.write('+OK\r\n')));
    yes.listen(0, '127.0.0.1');
    await once(yes, 'listening');
    const wire = await brokenWire((yes.address() as AddressInfo).port, '-LOADING Redis is loading\r\n');
    const bench = await openBench({ sabotage });
    const url = `redis://127.0.0.1:${wire.port}`;
    const options = { url, namespace: 'campaign', clock: systemClock, log: silentLog, onLost() {} };
    const live = openRedisLive(options);
    const { dispatcher, parts } = bench.house;
    parts.changed = wakeOthers(live, dispatcher, ['web']);
    const close = async () => {
      await live.close();
      yes.close();
    };
    return onWire(bench, wire, fault, { wrong: () => [], close });
  },
};
