import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { CALLS, caller, createHouse, decide, records } from './house.ts';

/** What each exit of the gate leaves behind, in order: type, outcome, tool, person. */
describe('the record of a call', () => {
  const STATUS = { tool: 'get_ec2_status', input: { instance_id: known.healthyInstance } };

  const left = async (house: Awaited<ReturnType<typeof createHouse>>) =>
    (await records(house)).map(({ type, outcome, tool, actor }) => [type, outcome, tool, actor?.person]);

  it('tells of a read what was asked, by whom, where, and that it was answered [A4]', async () => {
    const house = await createHouse();

    await house.gate.submit(STATUS, caller('alice'));

    const [record, ...more] = await records(house);
    expect(more).to.deep.equal([]);
    expect(record).to.deep.include({
      type: 'tool_call_executed',
      outcome: 'done',
      tool: 'get_ec2_status',
      account: known.account.id,
      region: 'eu-west-1',
      mode: 'LOCAL_MOCK',
    });
    expect(record?.params).to.include(STATUS.input);
    expect(record?.actor).to.include({ person: 'alice@example.com' });
  });

  it('tells of a workflow before and after it ran, since it leaves something behind [A4, A3]', async () => {
    const house = await createHouse();

    await house.gate.submit(
      { tool: 'create_incident_record', input: { summary: 'down', severity: 'low' } },
      caller('alice'),
    );

    expect(await left(house)).to.deep.equal([
      ['tool_call_executed', 'started', 'create_incident_record', 'alice@example.com'],
      ['tool_call_executed', 'done', 'create_incident_record', 'alice@example.com'],
    ]);
  });

  it('tells of each no: the role, the tag, wrong input, what is not there [A4]', async () => {
    const house = await createHouse();

    await house.gate.submit(CALLS.medium, caller('carol'));
    await house.gate.submit({ tool: 'reboot_ec2', input: { instance_id: known.untaggedInstance } }, caller('alice'));
    await house.gate.submit({ tool: 'get_ec2_status', input: { instance_id: 'i-1' } }, caller('alice'));
    await house.gate.submit({ tool: 'get_ec2_status', input: { instance_id: 'i-00000000' } }, caller('alice'));
    await decide(house, 'dave', 'chg-000000000000');

    expect(await left(house)).to.deep.equal([
      ['access_denied', 'denied', 'reboot_ec2', 'carol@example.com'],
      ['access_denied', 'denied', 'reboot_ec2', 'alice@example.com'],
      ['error_occurred', 'failed', 'get_ec2_status', 'alice@example.com'],
      ['error_occurred', 'failed', 'get_ec2_status', 'alice@example.com'],
      ['access_denied', 'denied', undefined, 'dave@example.com'],
    ]);
  });
});
