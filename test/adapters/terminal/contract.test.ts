import { channelContract } from '../channel-contract.ts';
import { startTerminal } from './terminal-harness.ts';

channelContract('terminal', async (answering) => {
  let turnDone = Promise.withResolvers<void>();
  const house = await startTerminal({
    onTurn: (turn, terminal) => answering(turn, terminal).finally(() => turnDone.resolve()),
  });
  let atTheScreen = 'alice@example.com';

  async function sit(person: string): Promise<void> {
    if (person === atTheScreen) return;
    atTheScreen = person;
    house.type(`/as ${person}`);
    await house.prints(' now.');
  }

  return {
    channel: house.terminal,
    conversation: { channel: 'terminal-test', id: 'terminal' },
    async says(person, text) {
      await sit(person);
      turnDone = Promise.withResolvers<void>();
      house.type(text);
      await turnDone.promise;
    },
    async sees(person) {
      await sit(person);
      return house.printed();
    },
    chart: /[▁▂▃▄▅▆▇█]/,
    updates: 'below',
    close: house.close,
  };
});
