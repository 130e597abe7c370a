import { expect } from 'chai';
import { botToken, team } from '../adapters/slack/slack-world.ts';
import { type SocketStub, startSocketStub } from '../adapters/slack/socket-stub.ts';
import { type Installation, install } from './opsagent.ts';
import { serveIn } from './serving.ts';

describe('opsagent serve with Slack by Socket Mode', function () {
  this.timeout(60_000);
  let stub: SocketStub;
  let asked: string[];
  let house: Installation;

  beforeEach(async () => {
    asked = [];
    stub = await startSocketStub((method) => {
      asked.push(method);
      return { ok: true, ...(method === 'auth.test' && { team_id: team, user_id: 'U0BOT', bot_id: 'B0BOT' }) };
    });
    house = install({ SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: 'xapp-test', SLACK_API_URL: stub.apiUrl });
  });

  afterEach(async () => {
    await stub.close();
    house.remove();
  });

  for (const { role, sockets, title } of [
    { role: 'worker', sockets: 0, title: 'opens no socket as a worker, whom nobody talks to' },
    { role: 'web', sockets: 1, title: 'opens one socket where people talk to it' },
    { role: 'all', sockets: 1, title: 'opens one socket where it does everything' },
  ])
    it(`${title} [O5, C1]`, async () => {
      const server = await serveIn(house, { ROLE: role });
      server.signal('SIGTERM');
      const { code, stderr } = await server.ended;

      expect(code, stderr).to.equal(0);
      expect(asked).to.include('auth.test');
      expect(asked.filter((method) => method === 'apps.connections.open')).to.have.length(sockets);
      expect(stub.connections()).to.equal(sockets);
    });
});
