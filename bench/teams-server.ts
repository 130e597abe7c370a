import { createTeams } from '../adapters/teams/teams.ts';
import { type BenchHouse, openBenchHouse } from './bench-house.ts';
import { TEAMS_APP, TEAMS_TENANT } from './calls.ts';
import { answering } from './rounds.ts';
import { agentsPeer, botbuilderPeer, chatSdkPeer, type Peer, teamsAppsPeer } from './teams-peers.ts';

/** `node bench/teams-server.ts <house|botbuilder|agents|teams-apps|chat-sdk> <port of the stub> <folder>` */
const [kind = '', stub = '', folder = ''] = process.argv.slice(2);
const origin = `http://127.0.0.1:${stub}`;

const peer = async ({ port }: Peer): Promise<BenchHouse> => ({
  port,
  underWay: () => 0,
  settled: async () => {},
  pending: async () => 0,
  close: async () => {},
});

const house = () =>
  openBenchHouse({
    folder,
    route: 'web:#ops',
    settings: {},
    channelOf: ({ config, store, clock, log, consoleUrl }) =>
      createTeams({
        credentials: { appId: TEAMS_APP, appType: 'SingleTenant', password: 'bench', tenantId: TEAMS_TENANT },
        tenants: [TEAMS_TENANT],
        serviceHosts: [`127.0.0.1:${stub}`],
        openId: { metadataUrl: `${origin}/openidconfiguration`, issuer: `${origin}/issuer` },
        accessToken: async () => 'bench',
        mode: config.EXECUTION_MODE,
        ...{ store, clock, log, consoleUrl },
      }),
  });

async function start(): Promise<BenchHouse> {
  switch (kind) {
    case 'botbuilder':
      return peer(await botbuilderPeer(origin));
    case 'agents':
      return peer(await agentsPeer());
    case 'teams-apps':
      return peer(await teamsAppsPeer());
    case 'chat-sdk':
      return peer(await chatSdkPeer(origin));
    default:
      return house();
  }
}

const running = await start();

answering(
  { port: running.port },
  async ({ settle, pending }: { settle?: boolean; pending?: boolean }) => {
    if (settle) await running.settled();
    const { user, system } = process.cpuUsage();
    const rssMb = process.memoryUsage.rss() / 2 ** 20;
    return { cpuUs: user + system, rssMb, pending: pending ? await running.pending() : 0 };
  },
  running.close,
);
