import { channelContract } from '../channel-contract.ts';
import { emulatePlatform } from './emulate-platform.ts';
import { stubPlatform } from './platform.ts';
import { openHarness } from './slack-harness.ts';

channelContract('slack', async (answering, ground) => openHarness(await stubPlatform(), answering, ground));

describe('on the emulator', () => {
  let suite: Mocha.Context;

  before(function () {
    suite = this;
  });

  channelContract('slack', async (answering, ground) => openHarness(await emulatePlatform(suite), answering, ground));
});
