import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { call } from '../adapters/mcp/mcp-house.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { pressOf, type Serving, serveIn } from './serving.ts';

describe('opsagent serve for an MCP client', function () {
  this.timeout(40_000);
  let house: Installation;
  let servers: Serving[];

  beforeEach(() => {
    house = install();
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) server.signal('SIGKILL');
    await Promise.all(servers.map(({ ended }) => ended));
    house.remove();
  });

  async function serve(env: Record<string, string> = {}): Promise<Serving> {
    const server = await serveIn(house, env);
    servers.push(server);
    return server;
  }

  async function connect({ address }: Serving, person?: string): Promise<Client> {
    const client = new Client({ name: 'test', version: '1.0.0' });
    const headers: Record<string, string> = person === undefined ? {} : { 'x-opsagent-person': person };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${address}/mcp`), { requestInit: { headers } }));
    return client;
  }

  it('reads, proposes, and sees that a person approved it in the console [Q5, L2]', async () => {
    const server = await serve();
    const client = await connect(server);

    const read = await call(client, 'get_ec2_status', { instance_id: known.sickInstance });
    const proposed = await call(client, 'reboot_ec2', { instance_id: known.sickInstance, reason: 'it hangs' });
    const approval = { approval_id: String(proposed.facts.approval_id) };
    const before = await call(client, 'get_request_status', approval);
    const [card] = await server.approvals(BOB, 'pending');
    await server.turn(BOB, pressOf(card ?? expect.fail(), 'approve'), '#ops');
    const after = await eventually(
      () => call(client, 'get_request_status', approval),
      ({ facts }) => facts.state === 'succeeded',
      15_000,
    );

    expect(read.text).to.contain('impaired');
    expect(proposed.facts).to.include({ status: 'pending', requester: ALICE });
    expect(JSON.stringify(card)).to.contain('Asked through MCP');
    expect(before.facts).to.include({ state: 'pending' });
    expect(after.text).to.contain('Bob');
    await client.close();
  });

  it('goes on with the same client when another process takes over [Q5, O5]', async () => {
    const first = await serve();
    const client = await connect(first, BOB);
    const proposed = await call(client, 'reboot_ec2', { instance_id: known.sickInstance });
    first.signal('SIGTERM');
    await first.ended;

    await serve({ PORT: String(first.port) });
    const status = await call(client, 'get_request_status', { approval_id: proposed.facts.approval_id });

    expect(status.facts).to.include({ state: 'pending', requester: BOB });
    await client.close();
  });

  it('leaves nothing to warn of in the log [Q5]', async () => {
    const server = await serve();
    const client = await connect(server);
    const { facts } = await call(client, 'reboot_ec2', { instance_id: known.sickInstance });
    const [card] = await server.approvals(BOB, 'pending');

    await server.turn(BOB, pressOf(card ?? expect.fail(), 'reject', 'not now'), '#ops');
    await eventually(
      () => call(client, 'get_request_status', { approval_id: facts.approval_id }),
      (status) => status.facts.state === 'rejected',
      10_000,
    );
    await client.close();
    server.signal('SIGTERM');
    const { code, stderr } = await server.ended;

    expect([code, stderr]).to.deep.equal([0, '']);
  });
});
