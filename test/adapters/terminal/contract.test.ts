import { OpsError } from '../../../lib/errors.ts';
import { type ChannelHarness, channelContract, type OpenChannel } from '../channel-contract.ts';
import { startTerminal } from './terminal-harness.ts';

const away = new OpsError('delivery_failed', 'the screen is gone', { hint: 'Wait.', retryable: true });
const NAMES: Record<string, string> = {
  'alice@example.com': 'Alice Archer',
  'bob@example.com': 'Bob Baker',
  'carol@example.com': 'Carol Cole',
  'dave@example.com': 'Dave Dunn',
};
const VERBS: Record<string, string> = { Approve: 'approve', Reject: 'reject' };

const open: OpenChannel = async (answering) => {
  let turnDone = Promise.withResolvers<void>();
  const start = () =>
    startTerminal({
      onTurn(turn, terminal, heard) {
        again = () => answering(turn, terminal);
        return answering(turn, terminal, heard).finally(() => turnDone.resolve());
      },
    });
  let house = await start();
  let before = '';
  let again: () => Promise<unknown> = async () => {};
  let lost = 0;
  let atTheScreen = 'alice@example.com';

  async function sit(person: string): Promise<void> {
    if (person === atTheScreen) return;
    atTheScreen = person;
    house.type(`/as ${person}`);
    await house.prints(`${NAMES[person]} now.`);
  }

  async function types(line: string): Promise<void> {
    turnDone = Promise.withResolvers<void>();
    house.type(line);
    await turnDone.promise;
  }

  async function lossy<T>(work: () => Promise<T>): Promise<T> {
    if (lost === 0) return work();
    lost -= 1;
    throw away;
  }

  return {
    get channel(): ChannelHarness['channel'] {
      return {
        ...house.terminal,
        post: (to, view) => lossy(() => house.terminal.post(to, view)),
        update: (message, view) => lossy(() => house.terminal.update(message, view)),
      };
    },
    conversation: { channel: 'terminal-test', id: 'terminal' },
    async says(person, text) {
      await sit(person);
      await types(text);
    },
    async sees(person) {
      await sit(person);
      return `${before}${house.printed()}`;
    },
    async presses(person, label, reason) {
      await sit(person);
      const printed = `${before}${house.printed()}`.split('\n');
      const offered = printed.findLastIndex((line) => line.startsWith(`${label}:`));
      if (!(label in VERBS) && offered !== -1) return types(printed[offered + 1]?.trim() ?? '');
      const id = `${before}${house.printed()}`.match(/chg-[0-9a-f]{12}/g)?.at(-1);
      await types(`${VERBS[label]} ${id}${reason ? ` because ${reason}` : ''}`);
    },
    async replays() {
      await again();
    },
    losesNext(n) {
      lost = n;
    },
    async restart() {
      before += house.printed();
      await house.close();
      house = await start();
      atTheScreen = 'alice@example.com';
    },
    chart: /[▁▂▃▄▅▆▇█]/,
    screen: 'shared',
    updates: 'below',
    close: () => house.close(),
  };
};

channelContract('terminal', open);
