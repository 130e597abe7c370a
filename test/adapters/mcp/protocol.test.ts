import { expect } from 'chai';
import { type McpHouse, openMcp } from './mcp-house.ts';

const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const calling = (params: unknown) => ({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
const nested = (levels: number): object => (levels === 0 ? {} : { in: nested(levels - 1) });

describe('the protocol at /mcp', () => {
  let mcp: McpHouse;

  beforeEach(async () => {
    mcp = await openMcp({ publicUrl: 'https://ops.example.com', origins: ['https://chat.example.com'] });
  });
  afterEach(() => mcp.close());

  const codeOf = (json: Record<string, unknown>) => (json.error as { code?: number } | undefined)?.code;

  it('agrees on a version of the protocol, its own newest where the client’s is not known [Q5]', async () => {
    const agreed = async (protocolVersion: string) => {
      const { json } = await mcp.post({ ...hello, params: { ...hello.params, protocolVersion } });
      return (json.result as { protocolVersion: string }).protocolVersion;
    };

    const versions = [await agreed('2025-06-18'), await agreed('2025-11-25'), await agreed('1999-01-01')];

    expect(versions).to.deep.equal(['2025-06-18', '2025-11-25', '2025-11-25']);
  });

  it('keeps no session: the next request may go to another process [Q5]', async () => {
    const first = await mcp.post(hello);
    const second = await mcp.post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const third = await mcp.post(list, { 'mcp-session-id': 'of-another-process' });

    expect([first.status, second.status, third.status]).to.deep.equal([200, 202, 200]);
    expect(first.headers).to.not.have.property('mcp-session-id');
  });

  for (const method of ['GET', 'DELETE'])
    it(`answers ${method} with 405, because there is no session [Q5]`, async () => {
      const response = await fetch(`http://127.0.0.1:${mcp.port}/mcp`, { method });

      expect(response.status).to.equal(405);
      expect(response.headers.get('allow')).to.equal('POST');
    });

  it('answers nobody without a proof, and the refusal stands as it was given [Q5]', async () => {
    const { status, headers } = await mcp.post(list, { authorization: '' });

    expect(status).to.equal(401);
    expect(headers['www-authenticate']).to.equal('Bearer realm="opsagent"');
  });

  it('answers neither a page of another site nor a name that was made to lead here [Q5]', async () => {
    const host = `127.0.0.1:${mcp.port}`;
    const asked: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `https://${host}` },
      { origin: 'https://ops.example.com.evil.example' },
      { host: 'evil.example' },
      { host: `evil.example:${mcp.port}` },
      { host: `127.0.0.1.evil.example:${mcp.port}` },
      { host: '127.0.0.1:1' },
    ];

    const answers = await Promise.all(asked.map((headers) => mcp.post(list, headers)));

    expect(answers.map(({ status }) => status)).to.deep.equal(asked.map(() => 403));
    expect(mcp.turns).to.deep.equal([]);
  });

  it('answers its own pages, those that are named, and programs under its public name [Q5]', async () => {
    const asked: Record<string, string>[] = [
      { origin: `http://127.0.0.1:${mcp.port}` },
      { origin: 'https://ops.example.com' },
      { origin: 'https://chat.example.com' },
      { host: 'ops.example.com' },
      { host: `LOCALHOST:${mcp.port}` },
    ];

    const answers = await Promise.all(asked.map((headers) => mcp.post(list, headers)));

    expect(answers.map(({ status }) => status)).to.deep.equal(asked.map(() => 200));
  });

  const wrong: [what: string, body: string | object, headers: Record<string, string>, status: number, code: number][] =
    [
      ['takes JSON only one way', list, { accept: 'application/json' }, 406, -32_000],
      ['is not said to be JSON', list, { 'content-type': 'text/plain' }, 415, -32_000],
      ['is of a version that is not known', list, { 'mcp-protocol-version': '1999-01-01' }, 400, -32_000],
      ['is no JSON', '{"jsonrpc":', {}, 400, -32_700],
      ['is over 256 KB', calling({ name: 'x', arguments: { x: 'x'.repeat(300_000) } }), {}, 413, -32_000],
      ['is nested deeper than 16 levels', calling(nested(16)), {}, 400, -32_700],
      ['has a key twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', {}, 400, -32_700],
      ['has the key __proto__', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{}}}', {}, 400, -32_600],
      ['is a batch', [list, list], {}, 400, -32_600],
      ['is an empty batch', [], {}, 400, -32_600],
      ['is a number', '7', {}, 400, -32_600],
      ['is no JSON-RPC', { id: 1, method: 'tools/list' }, {}, 400, -32_700],
      ['has an id that is no id', { ...list, id: { not: 'an id' } }, {}, 400, -32_700],
      ['asks for a method that there is not', { ...list, method: 'resources/list' }, {}, 200, -32_601],
      ['names no tool', calling({}), {}, 200, -32_602],
      ['has no parameters', calling(undefined), {}, 200, -32_602],
      ['has arguments that are a list', calling({ name: 'list_alarms', arguments: [] }), {}, 200, -32_602],
      ['names a tool that there is not', calling({ name: 'approve_action' }), {}, 200, -32_602],
      ['writes a tool’s name otherwise', calling({ name: 'Reboot_EC2', arguments: {} }), {}, 200, -32_602],
      ['sends a cursor that it was not given', { ...list, params: { cursor: 'page-2' } }, {}, 200, -32_602],
    ];
  for (const [what, body, headers, status, code] of wrong)
    it(`answers what ${what} with ${status} and ${code} [Q5]`, async () => {
      const answer = await mcp.post(body, headers);

      expect([answer.status, codeOf(answer.json)]).to.deep.equal([status, code]);
      expect(answer.json).to.include({ jsonrpc: '2.0' });
      expect(mcp.turns).to.deep.equal([]);
    });

  it('ignores that a call wants to be a task, because it has none [Q5]', async () => {
    const { json } = await mcp.post(calling({ name: 'list_alarms', task: { ttl: 60_000 } }));

    expect(json.result).to.have.nested.property('structuredContent.status', 'done');
  });

  it('answers a ping [Q5]', async () => {
    const { json } = await mcp.post({ jsonrpc: '2.0', id: 'p', method: 'ping' });

    expect(json).to.deep.equal({ jsonrpc: '2.0', id: 'p', result: {} });
  });
});

describe('an MCP server that has not started', () => {
  it('asks to come back in a moment [Q5, O5]', async () => {
    const mcp = await openMcp({ started: false });

    const { status, headers } = await mcp.post(list);

    expect([status, headers['retry-after']]).to.deep.equal([503, '1']);
    await mcp.close();
  });
});

describe('a fault behind the MCP server', () => {
  it('is said without its words, which stay in the log [Q5, A5]', async () => {
    const mcp = await openMcp({ through: () => () => Promise.reject(new Error('secret internals')) });

    const { status, json, text } = await mcp.post(calling({ name: 'list_alarms' }));

    expect(status).to.equal(200);
    expect(json.error).to.deep.include({ code: -32_603 });
    expect(text).to.contain('a fault of its own').and.not.contain('secret internals');
    await mcp.close();
  });
});
