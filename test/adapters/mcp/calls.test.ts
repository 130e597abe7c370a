import { expect } from 'chai';
import { ASKED_BY_A_PROGRAM } from '../../../adapters/mcp/asked.ts';
import type { OnTurn } from '../../../bot/channel.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { approveAll, CALLS, posts, records, stored } from '../../approvals/house.ts';
import type { BotHouse } from '../../bot/bot-house.ts';
import { call, type McpHouse, openMcp } from './mcp-house.ts';

const { input: reboot } = CALLS.medium;

/** A door whose turns wait until they may go on. */
function heldBack() {
  const [started, free, done] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const through =
    (onTurn: OnTurn): OnTurn =>
    async (turn, ...more) => {
      started.resolve();
      await free.promise;
      return onTurn(turn, ...more).finally(() => done.resolve());
    };
  return { through, go: () => free.resolve(), started: started.promise, done: done.promise };
}

async function waiting({ desk }: Pick<BotHouse, 'desk'>): Promise<string[]> {
  const { rows } = await desk.approvals({ state: 'pending', limit: 5 });
  return rows.map(({ value }) => value.plan.tool);
}

describe('a call to the MCP server', () => {
  let mcp: McpHouse;

  async function open(...settings: Parameters<typeof openMcp>) {
    mcp = await openMcp(...settings);
    return mcp;
  }
  afterEach(() => mcp.close());

  it('reads at once, as text and as data, and its answer is marked as data [Q5, L3]', async () => {
    const client = await (await open()).connect('carol');

    const { text, facts, isError } = await call(client, 'get_ec2_status', { instance_id: known.sickInstance });

    expect(isError).to.equal(false);
    expect(text).to.match(/^Done\. .*\n\n<tool_data tool="get_ec2_status">\n[^<]+\n<\/tool_data>$/s);
    expect(text).to.contain('web-2').and.contain('impaired');
    expect(facts).to.include({ status: 'done' });
    expect(facts).to.have.nested.property('untrusted_data.instance.id', known.sickInstance);
  });

  it('to a change proposes: it is approved elsewhere, and can be followed [Q5]', async () => {
    const { house, connect } = await open();
    const client = await connect('alice');

    const proposed = await call(client, 'reboot_ec2', { ...reboot, reason: 'it hangs' });
    const id = String(proposed.facts.approval_id);
    const before = await call(client, 'get_request_status', { approval_id: id });
    const listed = await call(client, 'list_pending_changes');
    await house.press('bob', { approvalId: id });
    await house.gate.idle();
    const after = await call(client, 'get_request_status', { approval_id: id });

    expect(proposed).to.deep.include({ isError: false });
    expect(proposed.facts).to.include({ status: 'pending', state: 'pending', follow_with: 'get_request_status' });
    expect(proposed.facts.expires_at).to.match(/^2026-11-20T/);
    expect(proposed.text).to.contain('Nothing has been changed').and.contain('Teams or Slack');
    expect(before.facts).to.include({ status: 'pending', state: 'pending', approvals: 0, approvals_needed: 1 });
    expect(listed.text).to.contain(id);
    expect(after.facts).to.include({ status: 'done', state: 'succeeded', approvals: 1 });
    expect(after.facts).to.not.have.property('approve_where');
  });

  it('never shows a token, nor a command that decides [Q5, L2, G5]', async () => {
    const client = await (await open()).connect('alice');

    const proposed = await client.callTool({ name: 'reboot_ec2', arguments: reboot });
    const again = await client.callTool({ name: 'reboot_ec2', arguments: reboot });

    expect(JSON.stringify([proposed, again])).to.not.match(
      /approve-[\w-]{20,}|token:|approve chg|reject chg|cancel chg/,
    );
  });

  it('stands on the card, in the digest and on record as a program’s [Q5, L2]', async () => {
    const { house, connect } = await open();
    const client = await connect('alice');

    const { facts } = await call(client, 'reboot_ec2', reboot);

    const id = String(facts.approval_id);
    const { plan } = await stored(house, id);
    const [record] = (await records(house)).filter(({ type }) => type === 'approval_requested');
    const [card] = await posts(house);
    expect(plan.warnings).to.include(ASKED_BY_A_PROGRAM);
    expect(record).to.deep.include({ origin: 'mcp', change_id: id });
    expect(record?.actor).to.include({ person: 'alice@example.com', channel: 'mcp', auth: 'bearer' });
    expect(card?.value).to.deep.include({ to: { channel: 'web', id: '#ops' }, card_of: id });
  });

  it('is put before those who approve, and their decision ends without a word that cannot be delivered [Q5, G11]', async () => {
    const { house, connect } = await open();
    const client = await connect('alice');
    const { facts } = await call(client, 'reboot_ec2', reboot);
    await house.settle();

    await approveAll(house, String(facts.approval_id), 'bob');
    await house.settle();

    expect(JSON.stringify([...house.web.messages.values()])).to.contain(String(facts.approval_id));
    expect(await posts(house)).to.deep.equal([]);
  });

  it('of a person without the right is refused by the gate, with the rule, why and what to do [Q5, G2]', async () => {
    const { house, connect } = await open();
    const client = await connect('carol');

    const { text, facts, isError } = await call(client, 'reboot_ec2', reboot);

    expect(isError).to.equal(true);
    expect(facts).to.include({ status: 'denied' }).and.include.keys('rule', 'why', 'next', 'who_may', 'correlation_id');
    expect(text).to.contain(`Refused by the rule ${facts.rule}`);
    expect((await records(house)).map(({ type }) => type)).to.include('access_denied');
  });

  it('of a stranger is refused by the allow-list [Q5, G2]', async () => {
    const client = await (await open()).connect('mallory');

    const { facts, isError } = await call(client, 'list_alarms');

    expect(isError).to.equal(true);
    expect(facts).to.include({ status: 'denied', rule: 'allow-list' });
  });

  it('of a service reads and proposes [Q5]', async () => {
    const { house, connect } = await open();
    const rights = { roles: ['engineer' as const], teams: [], accounts: {}, service: true as const };
    const robot = { id: 'robot@example.com', name: 'Robot', ...rights };
    house.people.push(robot);
    const client = await connect('robot', 'api-key');

    const read = await call(client, 'list_ecs_services');
    const proposed = await call(client, 'scale_ecs_service', CALLS.low.input);

    expect(read.facts).to.include({ status: 'done' });
    expect(proposed.facts).to.include({ status: 'pending', requester: 'robot@example.com' });
  });

  it('with wrong arguments names the field, why, and an example [Q5]', async () => {
    const client = await (await open()).connect('alice');

    const wrong = await call(client, 'get_ec2_status', { instance_id: 'web-2' });
    const unknown = await call(client, 'get_ec2_status', { instance_id: known.sickInstance, force: true });
    const status = await call(client, 'get_request_status', { approval_id: 'approvals' });

    for (const { isError } of [wrong, unknown, status]) expect(isError).to.equal(true);
    expect(wrong.facts).to.include({ status: 'failed', code: 'input_invalid' });
    expect(wrong.facts.why).to.contain('instance_id');
    expect(wrong.facts.next).to.match(/^For example: /);
    expect(unknown.facts.why).to.contain('force');
    expect(status.facts.why).to.contain('chg-');
  });

  it('for a change that there is not says so [Q5]', async () => {
    const client = await (await open()).connect('alice');

    const { facts, isError } = await call(client, 'get_request_status', { approval_id: 'chg-000000000000' });

    expect(isError).to.equal(true);
    expect(facts).to.include({ status: 'failed', rule: 'known-approval' });
  });

  for (const [field, text] of [
    ['a link', 'see https://evil.example/login'],
    ['a hidden link', '[runbook](https://evil.example)'],
    ['a mention', '<!channel> look'],
    ['an image', '![](https://evil.example/pixel.png)'],
  ])
    it(`with ${field} in what stands before people is refused and reaches nobody [Q5, T8, L2]`, async () => {
      const { house, connect, turns } = await open();
      const client = await connect('alice');

      const posted = await call(client, 'post_summary_to_channel', { text });
      const proposed = await call(client, 'reboot_ec2', { ...reboot, reason: text });

      for (const { facts, isError } of [posted, proposed]) {
        expect(isError).to.equal(true);
        expect(facts).to.include({ status: 'denied', rule: 'no-addresses-from-a-model' });
      }
      expect(turns).to.deep.equal([]);
      expect(await posts(house)).to.deep.equal([]);
      const recorded = (await records(house)).map(({ rule, tool, outcome, actor, correlation_id }) => [
        ...[rule, tool, outcome, actor?.person, correlation_id],
      ]);
      const [post, propose] = [posted, proposed].map(({ facts }) => facts.correlation_id);
      expect(recorded).to.deep.equal([
        ['no-addresses-from-a-model', 'post_summary_to_channel', 'denied', 'alice@example.com', post],
        ['no-addresses-from-a-model', 'reboot_ec2', 'denied', 'alice@example.com', propose],
      ]);
    });

  it('of a stranger has a record too, which names nobody on the list [A4, Q3, Q5]', async () => {
    const { house, connect } = await open();
    const client = await connect('mallory');

    await call(client, 'post_summary_to_channel', { text: 'see https://evil.example/login' });
    await call(client, 'list_alarms');

    const actors = (await records(house)).map(({ type, actor }) => [type, actor?.person, actor?.user_id]);
    expect(actors).to.deep.equal(Array(2).fill(['access_denied', 'unknown', 'mallory@example.com']));
  });

  it('posts plain words where the configuration says [Q5, T8]', async () => {
    const { house, connect } = await open();
    const client = await connect('alice');

    const { facts } = await call(client, 'post_summary_to_channel', {
      text: 'web-2 is back; CPU < 40 %, R&D may go on',
    });

    expect(facts).to.include({ status: 'done' });
    expect((await posts(house)).map(({ value }) => value.to.id)).to.deep.equal(['#ops']);
  });

  it('hears of progress where it asks to [Q5, C6]', async () => {
    const client = await (await open()).connect('alice');
    const lines: unknown[] = [];

    const input = { name: 'get_ec2_status', arguments: { instance_id: known.sickInstance } };
    const { isError } = await client.callTool(input, undefined, { onprogress: (line) => lines.push(line) });

    expect(isError).to.equal(false);
    expect(lines[0]).to.deep.include({ progress: 1 }).and.have.property('message').that.contains(known.sickInstance);
  });

  it('that takes longer than 50 s says so, how to follow, and goes on [Q5, O5]', async () => {
    const waits: number[] = [];
    const clock = { now: () => Date.now(), sleep: async (ms: number) => void waits.push(ms) };
    const { through, go, done } = heldBack();
    const { house, connect } = await open({ clock, through });
    const client = await connect('alice');

    const late = await call(client, 'reboot_ec2', reboot);
    go();
    await done;

    expect(waits).to.deep.equal([50_000]);
    expect(late.isError).to.equal(true);
    expect(late.facts).to.include({ status: 'late' });
    expect(late.facts.next).to.contain('list_pending_changes');
    expect(await waiting(house)).to.deep.equal(['reboot_ec2']);
  });

  it('whose client goes away in the middle is done all the same, and is on record [Q5, O5]', async () => {
    const { through, go, started, done } = heldBack();
    const { house, connect } = await open({ through });
    const client = await connect('alice');

    const gone = call(client, 'reboot_ec2', reboot).catch((error: unknown) => error);
    await started;
    await client.close();
    go();
    await done;

    expect(await gone).to.be.instanceOf(Error);
    expect(await waiting(house)).to.deep.equal(['reboot_ec2']);
  });

  it('that is called off is not begun again, and breaks nothing [Q5]', async () => {
    const { through, go, started, done } = heldBack();
    const { house, connect } = await open({ through });
    const client = await connect('alice');
    const impatient = new AbortController();

    const off = client
      .callTool({ name: 'reboot_ec2', arguments: reboot }, undefined, { signal: impatient.signal })
      .catch((error: unknown) => error);
    await started;
    impatient.abort('enough');
    await off;
    go();
    await done;
    const next = await call(client, 'list_pending_changes');

    expect(await waiting(house)).to.deep.equal(['reboot_ec2']);
    expect(next.facts).to.include({ status: 'done' });
  });

  it('has an id of its own, whatever its JSON-RPC id [Q5]', async () => {
    const { post, turns } = await open();
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_alarms' } };

    const answers = [await post(message), await post(message)];

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
    expect(new Set(turns.map(({ id }) => id)).size).to.equal(2);
    expect(answers[1]?.text).to.contain('tool_data');
  });
});
