import { expect } from 'chai';
import fc from 'fast-check';
import { catalog } from '../../../tools/catalog.ts';
import { type McpHouse, openMcp } from './mcp-house.ts';

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('__proto__', '\u0000', '\u202e', '<tool_data>'),
);
const names = catalog.map(({ name }) => name);
const fields = ['instance_id', 'region', 'reason', 'text', 'summary', 'channel', 'approval_id', 'constructor', 'x'];

/** Right in most of its parts, so that what is wrong is reached. */
const mostly = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 19, arbitrary: right }, { weight: 1, arbitrary: anything });
const rarely = mostly(fc.constant(undefined));
const METHODS = [
  'tools/call',
  'tools/call',
  'tools/call',
  'tools/list',
  'initialize',
  'ping',
  'notifications/cancelled',
];

const envelope = fc.record({
  jsonrpc: mostly(fc.constant('2.0')),
  // Without one it is a notification.
  id: mostly(fc.option(fc.oneof(fc.nat(), fc.string()), { nil: undefined, freq: 10 })),
  method: mostly(fc.constantFrom(...METHODS)),
  params: mostly(
    fc.record({
      name: mostly(fc.constantFrom(...names, 'get_request_status')),
      arguments: mostly(fc.dictionary(fc.constantFrom(...fields), anything, { maxKeys: 3 })),
      cursor: rarely,
      task: rarely,
      _meta: fc.oneof(fc.constant(undefined), fc.record({ progressToken: mostly(fc.nat()) })),
    }),
  ),
  result: rarely,
});
const headers = fc.record(
  {
    'mcp-protocol-version': fc.constantFrom('2025-11-25', '2025-03-26', '', 'x', '9999-12-31'),
    'mcp-session-id': fc.constantFrom('', 'x', 'a'.repeat(500)),
    'last-event-id': fc.constantFrom('1', '\tx'),
  },
  { requiredKeys: [] },
);

describe('what anybody may send to /mcp', () => {
  let mcp: McpHouse;

  beforeEach(async () => {
    mcp = await openMcp();
  });
  afterEach(() => mcp.close());

  it('is answered by the protocol, never by a fault, and changes nothing in AWS [Q5]', async function () {
    this.timeout(60_000);
    const statuses = new Set<number>();

    await fc.assert(
      fc.asyncProperty(envelope, headers, async (body, more) => {
        const { status, text, headers: got } = await mcp.post(body, more as Record<string, string>);
        statuses.add(status);
        expect([200, 202, 400]).to.include(status);
        expect(text).to.not.contain('-32603');
        if (status !== 202) expect(got['content-type']).to.match(/^(application\/json|text\/event-stream)/);
      }),
      { numRuns: 600 },
    );

    expect([...statuses].sort()).to.deep.equal([200, 202, 400]);
    expect(mcp.turns.length).to.be.greaterThan(40);
    expect(mcp.house.aws.writes).to.deep.equal([]);
  });

  it('is answered by the protocol even when it is any bytes [Q5]', async function () {
    this.timeout(60_000);

    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.json()), async (body) => {
        const { status, json } = await mcp.post(body);
        expect(status).to.be.oneOf([400]);
        expect(json).to.have.nested.property('error.code').that.is.a('number');
      }),
      { numRuns: 200 },
    );

    expect(mcp.turns).to.deep.equal([]);
  });
});
