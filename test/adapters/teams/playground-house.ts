import { install } from '../../e2e/opsagent.ts';
import { serveIn } from '../../e2e/serving.ts';
import { npmPeer } from '../../peers/peers.ts';
import { type Playground, startPlayground } from './playground.ts';

/** `npm start` as it is, in LOCAL_MOCK, with the Playground in front of it. Pending or failing where that is not installed. */
export async function openPlayground(
  suite: Mocha.Context,
): Promise<{ playground: Playground; close(): Promise<void> }> {
  const folder = npmPeer(suite, '@microsoft/m365agentsplayground');
  const house = install({ EXECUTION_MODE: 'LOCAL_MOCK', TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: 'true' });
  const serving = await serveIn(house);
  const playground = await startPlayground(folder, `${serving.address}/api/messages`);
  return {
    playground,
    async close() {
      await playground.stop();
      serving.signal('SIGTERM');
      await serving.ended;
      house.remove();
    },
  };
}
