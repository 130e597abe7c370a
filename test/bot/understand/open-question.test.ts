import { expect } from 'chai';
import { brief, DB, speak, WEB } from './speak.ts';

const reboot = { tool: 'reboot_ec2', known: { reason: 'it hangs' }, missing: 'instance_id' };
const scale = { tool: 'scale_ecs_service', known: { cluster: 'main', service: 'checkout' }, missing: 'desired_count' };

describe('the answer to an open question', () => {
  it('completes the call with what was known [L4]', () => {
    const input = { reason: 'it hangs', instance_id: WEB };

    for (const text of [WEB, `it is ${WEB}`, `the instance ${WEB} please`]) {
      expect(speak(text, reboot), text).to.deep.equal({ kind: 'call', by: 'phrases', tool: 'reboot_ec2', input });
    }
    expect(speak('to four', scale)).to.deep.include({ input: { ...scale.known, desired_count: 4 } });
  });

  it('fills cluster and service from one pair and asks on for a lone name [L4]', () => {
    const open = { tool: 'scale_ecs_service', known: { desired_count: 4 }, missing: 'cluster' };

    expect(speak('main/checkout', open)).to.deep.include({
      input: { desired_count: 4, cluster: 'main', service: 'checkout' },
    });
    expect(speak('main', open)).to.deep.include({
      kind: 'ask',
      missing: 'service',
      known: { desired_count: 4, cluster: 'main' },
    });
  });

  it('takes a whole text for a field that wants one [L4]', () => {
    const open = { tool: 'create_incident_record', known: { severity: 'high' }, missing: 'summary' };

    expect(speak('checkout is down since 09:00', open)).to.deep.include({
      input: { severity: 'high', summary: 'checkout is down since 09:00' },
    });
  });

  it('lets a new full command win [L4]', () => {
    expect(speak('list instances', reboot)).to.deep.include({ tool: 'list_ec2_instances' });
    expect(speak(`status of ${WEB}`, reboot)).to.deep.include({ tool: 'get_ec2_status' });
  });

  it('is withdrawn by cancel and never mind [L4]', () => {
    for (const text of ['cancel', 'never mind', 'no']) expect(brief(speak(text, reboot))).to.equal('menu negation');
  });

  const unclear = [
    `${WEB} but not now`,
    `${WEB}?`,
    `${WEB} ${DB}`,
    `not ${WEB}`,
    'all of them',
    `${WEB} tomorrow`,
    'web-2',
  ];
  for (const text of unclear) {
    it(`does not take “${text}” for the id [L4]`, () => {
      expect(speak(text, reboot).kind).to.not.equal('call');
    });
  }

  it('keeps complaining about a wrong value [L4]', () => {
    expect(speak('i-123', reboot)).to.deep.include({
      kind: 'ask',
      missing: 'instance_id',
      known: { reason: 'it hangs' },
    });
    expect(speak('-4', scale)).to.deep.include({ kind: 'ask', missing: 'desired_count' });
    expect(speak('2 more', scale).kind).to.not.equal('call');
  });

  it('ignores a question of a tool that is gone [L4]', () => {
    expect(speak('main', { tool: 'gone', known: {}, missing: 'x' }).kind).to.equal('menu');
  });
});
