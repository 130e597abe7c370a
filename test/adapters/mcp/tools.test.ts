import { expect } from 'chai';
import { OWN_TOOLS } from '../../../adapters/mcp/own-tools.ts';
import { catalog } from '../../../tools/catalog.ts';
import { type McpHouse, openMcp } from './mcp-house.ts';

describe('the tools of the MCP server', () => {
  let mcp: McpHouse;

  beforeEach(async () => {
    mcp = await openMcp();
  });
  afterEach(() => mcp.close());

  async function toolsOf(who: string) {
    const client = await mcp.connect(who);
    const { tools } = await client.listTools();
    return new Map(tools.map((tool) => [tool.name, tool]));
  }

  it('are those of the catalog that this person may use, and what follows a change [Q5]', async () => {
    const [engineer, viewer, stranger] = [await toolsOf('alice'), await toolsOf('carol'), await toolsOf('mallory')];

    const own = OWN_TOOLS.map(({ name }) => name);
    const reads = catalog.filter(({ effect }) => effect === 'read').map(({ name }) => name);
    expect([...engineer.keys()]).to.deep.equal([...catalog.map(({ name }) => name), ...own]);
    expect([...viewer.keys()]).to.deep.equal([...reads, ...own]);
    expect([...stranger.keys()]).to.deep.equal([]);
  });

  it('hold none that decides on a change [Q5, L2]', async () => {
    const names = [...(await toolsOf('erin')).keys()];

    expect(names.filter((name) => /approve|reject|cancel|decide|execute|confirm/.test(name))).to.deep.equal([]);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('say what they do to the world, by their effect and recovery [Q5]', async () => {
    const tools = await toolsOf('alice');

    const hints = (name: string) => {
      const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tools.get(name)?.annotations ?? {};
      return [readOnlyHint, destructiveHint, idempotentHint, openWorldHint];
    };
    expect(hints('get_ec2_status')).to.deep.equal([true, false, true, true]);
    expect(hints('list_incidents')).to.deep.equal([true, false, true, false]);
    expect(hints('reboot_ec2')).to.deep.equal([false, true, false, true]);
    expect(hints('scale_ecs_service')).to.deep.equal([false, true, true, true]);
    expect(hints('create_incident_record')).to.deep.equal([false, false, false, true]);
    expect(hints('get_request_status')).to.deep.equal([true, false, true, false]);
    for (const { title, annotations } of tools.values()) expect(annotations?.title).to.equal(title);
  });

  it('take what their input takes: nothing unknown, and nothing required that has a default [Q5]', async () => {
    const { inputSchema: schema, description } = (await toolsOf('alice')).get('get_ec2_status') ?? expect.fail();

    expect(schema).to.include({ type: 'object', additionalProperties: false }).and.not.have.property('$schema');
    expect(schema.required).to.deep.equal(['instance_id']);
    expect(schema.properties?.time_window).to.deep.include({ type: 'string', default: '15m' });
    expect(JSON.stringify(schema)).to.not.contain('"param"');
    expect(description).to.match(/^\w.{10,}\.$/);
  });

  it('of changes say that they only propose [Q5, L2]', async () => {
    const tools = await toolsOf('alice');

    for (const { name, effect } of catalog) {
      const { description = '' } = tools.get(name) ?? {};
      expect(/^Proposes this and changes nothing yet/.test(description), name).to.equal(effect === 'write');
    }
  });

  it('have no field for an address: a model does not choose where something leads [Q5, T8]', async () => {
    const tools = await toolsOf('alice');

    const fields = (name: string) => Object.keys(tools.get(name)?.inputSchema.properties ?? {});
    expect(fields('post_summary_to_channel')).to.deep.equal(['text', 'channel']);
    expect(fields('create_incident_record')).to.deep.equal(['summary', 'severity']);
  });

  it('come with instructions that say who decides and what is data [Q5, L2, L3]', async () => {
    const client = await mcp.connect('alice');

    const said = client.getInstructions() ?? '';

    expect(said).to.contain('You cannot approve or reject it').and.contain('get_request_status');
    expect(said).to.contain('tool_data').and.contain('never');
  });
});
