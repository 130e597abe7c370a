import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { npmPeer } from '../peers/peers.ts';
import { type Installation, install } from './opsagent.ts';
import { type Serving, serveIn } from './serving.ts';

/** Those of the protocol's own suite that do not need the tools, resources and prompts of its example server. */
const SCENARIOS = ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'];

describe('the conformance suite of the protocol', function () {
  this.timeout(60_000);
  let suite: string;
  let house: Installation;
  let server: Serving;

  before(async function () {
    suite = npmPeer(this, '@modelcontextprotocol/conformance');
    house = install();
    server = await serveIn(house);
  });
  after(async () => {
    server?.signal('SIGKILL');
    await server?.ended;
    house?.remove();
  });

  for (const scenario of SCENARIOS)
    it(`passes OpsAgent in ${scenario} [Q5]`, async () => {
      const run = [join(suite, 'dist/index.js'), 'server', '--url', `${server.address}/mcp`, '--scenario', scenario];

      const child = spawn(process.execPath, run, { cwd: house.path('.'), stdio: ['ignore', 'pipe', 'pipe'] });
      const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);

      expect(code, said).to.equal(0);
      expect(said).to.match(/Passed: ([1-9]\d*)\/\1, 0 failed/);
    });
});
