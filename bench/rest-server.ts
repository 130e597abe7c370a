import type { Admit } from '../adapters/http/admit.ts';
import type { Channel } from '../bot/channel.ts';
import type { House } from '../main/compose.ts';
import { type Facades, openFacades } from '../main/facade.ts';
import { bareRest } from './bare-rest.ts';
import { openBenchHouse } from './bench-house.ts';
import { answering } from './rounds.ts';

/** `node bench/rest-server.ts <bare|house> <folder>` */
const [kind, folder = ''] = process.argv.slice(2);

/** Who calls is in a header: what a proof costs is no part of this measure. */
const admit: Admit = async ({ headers }) => ({
  speaker: { channel: 'api', userId: String(headers['x-bench-person']), auth: 'bearer' },
});

/** REST as the one channel of the house; the approvers' card is taken at once, as a platform would. */
function channelOf(house: House): Channel & Pick<Facades, 'doors'> {
  const { doors, start } = openFacades(house, () => 0, { admit, doors: [], forBrowsers: (all) => [...all] });
  return {
    ...{ name: 'web', doors },
    start: async (onTurn, lobby) => start(onTurn, lobby),
    post: async ({ channel, id }) => ({ channel, conversation: id, message: `m-${posts++}` }),
    update: async () => {},
    whisper: async () => {},
    progress: () => {},
    stop: async () => {},
  };
}

let posts = 0;
const running =
  kind === 'bare'
    ? await bareRest(folder)
    : await openBenchHouse({ folder, route: 'web:#ops', settings: {}, channelOf });

answering(
  { port: running.port },
  async ({ settle }: { settle?: boolean }) => {
    if (settle) await running.settled();
    const { user, system } = process.cpuUsage();
    return { cpuUs: user + system, rssMb: process.memoryUsage.rss() / 2 ** 20, pending: 0 };
  },
  running.close,
);
