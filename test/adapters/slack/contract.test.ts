import { channelContract } from '../channel-contract.ts';
import { emulatePlatform, emulatorFolders } from './emulate-platform.ts';
import { stubPlatform } from './platform.ts';
import { openHarness } from './slack-harness.ts';

channelContract('slack', async (answering, ground) => openHarness(await stubPlatform(), answering, ground));

describe('on the emulator of Slack', () => {
  let folders: ReturnType<typeof emulatorFolders>;

  before(function () {
    folders = emulatorFolders(this);
  });

  channelContract('slack', async (answering, ground) => openHarness(await emulatePlatform(folders), answering, ground));
});
