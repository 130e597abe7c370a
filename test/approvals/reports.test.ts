import { expect } from 'chai';
import { linkKind } from '../../approvals/account-link.ts';
import type { JsonObject } from '../../lib/json.ts';
import { put } from '../../store/store.ts';
import type { Report } from '../../tools/reports/report.ts';
import { CALLS, caller, createHouse, decide, type House, NOON, policy, propose } from './house.ts';

const MINUTE = 60_000;

/** A report as the gate gives it to somebody; it must come. */
async function read(house: House, report: string, more: JsonObject = {}, who = 'carol'): Promise<Report> {
  const outcome = await house.gate.submit({ tool: 'get_report', input: { report, ...more } }, caller(who));
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome.view)}`);
  return outcome.output as unknown as Report;
}

const figure = ({ figures }: Report, label: string) => figures.find((one) => one.label === label);
const rows = ({ tables }: Report, title: string) => tables.find((one) => one.title === title)?.rows ?? [];

describe('reports of what went through the gate', () => {
  let house: House;

  beforeEach(async () => {
    house = await createHouse();
  });

  it('count how long decisions took, how many were yes, and the refused yes to one’s own change [A7, G4]', async () => {
    const own = await propose(house, CALLS.high, 'dave');
    await decide(house, 'dave', own.id);
    await decide(house, 'carol', own.id);
    const slow = await propose(house, CALLS.medium, 'alice');
    house.setNow(NOON + 4 * MINUTE);
    await decide(house, 'dave', slow.id);
    await house.gate.idle();
    house.setNow(NOON + 30 * MINUTE);
    const quick = await propose(house, CALLS.low, 'alice');
    house.setNow(NOON + 30 * MINUTE + 1_000);
    await decide(house, 'bob', quick.id, { verdict: 'reject', reason: 'not now' });
    await house.gate.sweep(new AbortController().signal);
    house.setNow(NOON + 40 * MINUTE);

    const report = await read(house, 'decisions');

    expect(figure(report, 'Decided')).to.include({ value: 2 });
    expect(figure(report, 'Median')).to.include({ value: (240 + 1) / 2, text: '2 min' });
    expect(figure(report, '95 of 100 within')).to.include({ value: 240 });
    expect(figure(report, 'Approved')).to.include({ value: 0.5, text: '50 %' });
    expect(figure(report, 'Expired undecided')).to.include({ value: 1, status: 'warning' });
    expect(figure(report, 'Yes in under 2 s')).to.include({ value: 0 });
    expect(figure(report, 'Own change, refused')).to.include({ value: 1, status: 'warning' });
    expect(rows(report, 'By risk').map(([risk]) => risk)).to.deep.equal(['low', 'medium']);
    expect(rows(report, 'By person')).to.deep.include(['dave@example.com', '1', '0', '4 min']);
  });

  it('warn of slow decisions and of cards that nobody can have read, in words [A7]', async () => {
    const asked = await propose(house, CALLS.medium, 'alice');
    house.setNow(NOON + 14 * MINUTE + 59_000);
    await decide(house, 'dave', asked.id);
    await house.gate.idle();
    house.setNow(NOON + 60 * MINUTE);

    const slow = await read(house, 'decisions');
    const hasty = await afterManyYes();

    expect(figure(slow, 'Median')).to.include({
      ...{ value: 899, status: 'warning' },
      text: '14 min 59 s: more people should be able to approve',
    });
    expect(figure(slow, 'Approved')).to.include({ text: '100 %', status: 'neutral' });
    expect(figure(hasty, 'Yes in under 2 s')).to.include({ status: 'warning', value: 20 });
    expect(figure(hasty, 'Yes in under 2 s')?.text).to.include('faster than a card can be read');
    expect(figure(hasty, 'Approved')?.text).to.equal('100 %: are the cards read?');
    expect(figure(hasty, 'Median')).to.include({ status: 'neutral' });
  });

  /** Another house where twenty changes were approved in the moment they were asked. */
  async function afterManyYes(): Promise<Report> {
    const other = await createHouse({
      settings: { limits: { per_hour: 1000, cooldown_minutes: 0 } },
    });
    for (let n = 1; n <= 20; n += 1) {
      const count = n % 2 === 0 ? 3 : 2;
      const input = { cluster: 'main', service: 'cart', desired_count: count + 1 };
      other.setNow(NOON + n * 10 * MINUTE);
      const { id } = await propose(other, { tool: 'scale_ecs_service', input }, 'alice');
      await decide(other, 'dave', id);
      await other.gate.idle();
    }
    return read(other, 'decisions');
  }

  it('review programs beside people: what their keys let them do, which is never to approve, whatever their role [A7, Q3]', async () => {
    house.services = house.services.map((one) => ({ ...one, roles: ['admin'] }));
    await house.gate.submit({ tool: 'list_alarms', input: {} }, caller('service:ci'));

    const report = await read(house, 'access');

    const programs = rows(report, 'People').filter(([id]) => String(id).startsWith('service:'));
    const unseen = rows(report, 'Not seen in this time').map(([id]) => id);
    expect(programs.map(([id, , , may]) => [id, may])).to.have.deep.members([
      ['service:ci', 'read, run workflows, propose'],
      ['service:wallboard', 'read, run workflows, propose'],
    ]);
    expect(unseen).to.include('service:wallboard').and.not.include('service:ci');
    expect(figure(report, 'May approve all')).to.include({ value: 2 });
  });

  it('count what was done, proposed, refused and failed, by tool and by person [A7]', async () => {
    await house.gate.submit({ tool: 'list_alarms', input: {} }, caller('alice'));
    await house.gate.submit({ tool: 'get_ec2_status', input: { instance_id: 'i-0ffffffffffffffff' } }, caller('alice'));
    await house.gate.submit(CALLS.medium, caller('carol'));
    const { id } = await propose(house, CALLS.medium, 'alice');
    await decide(house, 'dave', id);
    await house.gate.idle();

    const report = await read(house, 'operations', { time_window: '1h' });

    const byTool = rows(report, 'By tool');
    expect(byTool).to.deep.include(['reboot_ec2', '1', '1', '1', '0']);
    expect(byTool).to.deep.include(['list_alarms', '1', '0', '0', '0']);
    expect(byTool).to.deep.include(['get_ec2_status', '0', '0', '0', { text: '1', status: 'warning' }]);
    expect(rows(report, 'By person').map(([who]) => who)).to.have.members([
      ...['alice@example.com', 'carol@example.com', 'dave@example.com'],
    ]);
    expect(report.series.map(({ label }) => label)).to.include('Done each hour');
  });

  it('say in two sentences that nothing waits and nothing expired [A7]', async () => {
    const report = await read(house, 'approvals');

    expect(report.tables.map(({ empty }) => empty)).to.deep.equal([
      'Nothing waits for a decision.',
      'Nothing expired.',
    ]);
  });

  it('tell what waits, by risk, and what nobody decided in time, noted or not [A7, G15]', async () => {
    const lost = await propose(house, CALLS.low, 'alice');
    house.setNow(NOON + 30 * MINUTE);
    const unnoted = await read(house, 'approvals');
    await house.gate.sweep(new AbortController().signal);
    house.setNow(NOON + 31 * MINUTE);
    const waits = await propose(house, CALLS.high, 'alice');
    house.setNow(NOON + 33 * MINUTE);

    const report = await read(house, 'approvals');

    expect([figure(unnoted, 'Waiting now')?.value, figure(unnoted, 'Expired')?.value]).to.deep.equal([0, 1]);
    expect(figure(report, 'Waiting now')).to.include({ value: 1, status: 'waiting' });
    expect(figure(report, 'Longest wait')).to.include({ value: 120, text: '2 min' });
    expect(rows(report, 'By risk')).to.deep.include(['low', '0', '1']);
    expect(rows(report, 'By risk')).to.deep.include(['high', '1', '0']);
    expect(rows(report, 'Waiting now').map(([id]) => id)).to.deep.equal([waits.id]);
    expect(rows(report, 'Expired').map(([id]) => id)).to.deep.equal([lost.id]);
  });

  it('review who may do what by the rules of now, with accounts and when they were last seen [A7, G2]', async () => {
    const link = { channel: 'slack', account: 'T1/U1', person: 'erin@example.com' };
    await house.store.transact([put(linkKind, 'one', link)]);
    house.people.push({ id: 'zoe@example.com', name: 'Zoe', roles: [], teams: [], accounts: { teams: 't/u' } });
    house.setNow(NOON - 10 * 24 * 60 * MINUTE);
    await house.gate.submit({ tool: 'list_alarms', input: {} }, caller('bob'));
    house.setNow(NOON);
    await house.gate.submit({ tool: 'list_alarms', input: {} }, caller('alice'));

    const report = await read(house, 'access');

    const people = new Map(rows(report, 'People').map((row) => [String(row[0]), row]));
    expect(people.get('alice@example.com')?.slice(1)).to.deep.equal([
      ...['engineer', 'web', 'read, run workflows, propose, approve up to medium', 'none'],
      { at: new Date(NOON).toISOString() },
    ]);
    expect(people.get('erin@example.com')?.[4]).to.equal('slack');
    expect(people.get('zoe@example.com')?.slice(1, 5)).to.deep.equal(['none', 'none', 'none', 'teams']);
    const unseen = rows(report, 'Not seen in this time').map(([who]) => who);
    expect(unseen).to.include.members(['bob@example.com', 'dave@example.com', 'zoe@example.com']);
    expect(unseen).to.not.include('alice@example.com');
    expect(figure(report, 'Without a role')).to.include({ value: 1, status: 'warning' });
    expect(rows(report, 'Who may approve').at(-1)).to.deep.equal(['critical', 'admin, ops-lead', '2']);
  });

  it('say of each person exactly what the rules answer when they ask [A7, G2]', async () => {
    const report = await read(house, 'access');

    for (const [who, , , may] of rows(report, 'People')) {
      const person = house.parts.people.find(String(who));
      if (!person) throw new Error(`nobody is ${JSON.stringify(who)}`);
      const allowed = policy.ask(person, { action: 'propose', tool: 'reboot_ec2', effect: 'write' }).allowed;
      expect(String(may).includes('propose'), String(who)).to.equal(allowed);
    }
  });

  it('name what may not be changed in this environment, with the rule’s own repair [A7, G1]', async () => {
    const staging = await createHouse({ environment: 'staging' });

    const anywhere = await read(house, 'tags');
    const here = await read(staging, 'tags');

    const names = rows(anywhere, 'To repair, if OpsAgent should change them').map(
      ([name]) => String(name).split(' ')[0],
    );
    expect(names).to.have.members(['bastion', 'db-primary-1', 'db-replica-1', 'data/ingest']);
    expect(JSON.stringify(anywhere.tables)).to.include('Add the tag OpsAgentManaged=true to the resource');
    const blocked = figure(here, 'May not be changed')?.value ?? 0;
    expect(blocked).to.be.above(4);
    expect(here.limits.join(' ')).to.include('whose Environment tag is the environment this OpsAgent serves');
  });

  it('are recorded like any other read, and refused to nobody on the list [A7, A4]', async () => {
    await read(house, 'keys', {}, 'carol');

    const { records } = await house.desk.audit({ tool: 'get_report', limit: 10 });
    expect(records.map(({ type, actor, params }) => [type, actor?.person, params])).to.deep.equal([
      ['tool_call_executed', 'carol@example.com', { report: 'keys', time_window: '7d' }],
    ]);
  });
});
