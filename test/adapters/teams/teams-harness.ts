import type { Channel, Lobby } from '../../../bot/channel.ts';
import type { Turn } from '../../../bot/turn.ts';
import type { Answering, ChannelHarness, Ground } from '../channel-contract.ts';
import { anApproval } from '../views.ts';
import { installed, said, type Wire } from './activities.ts';
import { createClients } from './clients.ts';
import { startConnector } from './connector.ts';
import { startIssuer } from './issuer.ts';
import { accountOf, teamsPeople, teamsPerson } from './people.ts';
import { type HttpAnswer, SECRET, type Settings, startTeams, type TeamsHouse } from './teams-house.ts';

/** People at their Teams clients: each sees the conversation and their own chat, and presses what is on their screen. */
export interface TeamsHarness extends ChannelHarness {
  readonly house: TeamsHouse;
  /** The words shown to this person alone under a button. */
  told(person: string): readonly string[];
}

/** A group chat of everybody. */
const GROUP = '19:0123456789abcdef@thread.v2';

/** Without a house behind the door: whoever looks at the change of the suite may decide it. */
const everybodyDecides: Lobby = {
  home: async () => [],
  card: async () => anApproval(),
  accountsOf: async () => teamsPeople.map(accountOf),
  tools: async () => [],
};

/** With `ground` people are their accounts; without, the suite hears and whispers to them by address. */
export async function openTeams(answering: Answering, ground?: Ground, settings: Settings = {}): Promise<TeamsHarness> {
  const underWay = new Set<Promise<unknown>>();
  const connector = await startConnector(SECRET);
  const issuer = await startIssuer();
  const group = connector.add(GROUP, 'groupChat', teamsPeople);
  const start = () =>
    startTeams({
      ...{ store: ground?.store, lobby: ground?.lobby ?? everybodyDecides, connector, issuer, ...settings },
      onTurn(turn, teams, heard) {
        const work = answering(ground ? turn : spokenByAddress(turn), byAddress(teams), heard);
        underWay.add(work);
        return work.finally(() => underWay.delete(work));
      },
    });
  let house = await start();

  async function deliver(body: string): Promise<HttpAnswer> {
    const answer = await house.sends(body, { authorization: `Bearer ${issuer.token(connector.serviceUrl)}` });
    while (underWay.size > 0) await Promise.allSettled(underWay);
    return answer;
  }
  let last = '';
  const clients = createClients(connector, async (activity, unasked) => {
    const body = JSON.stringify(activity);
    // What a client fetches by itself is nothing that somebody said.
    if (!unasked) last = body;
    return deliver(body);
  });

  // The app is installed in the chat, and everybody in it has had to do with the bot.
  for (const who of teamsPeople) await deliver(JSON.stringify(installed(who, group, connector.serviceUrl)));
  return {
    get house() {
      return house;
    },
    get channel() {
      return byAddress(house.teams);
    },
    conversation: { channel: 'teams', id: GROUP },
    async says(person, text) {
      const activity: Wire = said(teamsPerson(person), group, connector.serviceUrl, text);
      last = JSON.stringify(activity);
      await deliver(last);
    },
    sees: (person) => clients.sees(teamsPerson(person)),
    presses: (person, label, reason) => clients.presses(teamsPerson(person), label, reason),
    told: (person) => clients.told(teamsPerson(person)),
    async replays() {
      await deliver(last);
    },
    losesNext: (times) => connector.losesNext(times),
    async restart() {
      await house.close();
      house = await start();
    },
    chart: /Chart\.Line/,
    screen: 'own',
    updates: 'in place',
    async close() {
      await house.close();
      await connector.close();
      await issuer.close();
    },
  };
}

/** The suite calls people by their address; this channel knows accounts. */
function byAddress(teams: Channel): Channel {
  return {
    ...teams,
    whisper: (to, userId, view) =>
      teams.whisper(to, userId.includes('@') ? accountOf(teamsPerson(userId)) : userId, view),
  };
}

function spokenByAddress(turn: Turn): Turn {
  const who = teamsPeople.find((one) => accountOf(one) === turn.speaker.userId);
  return { ...turn, speaker: { ...turn.speaker, userId: who?.email ?? turn.speaker.userId } };
}
