import { expect } from 'chai';
import { DB, speak, WEB } from './speak.ts';

describe('the command grammar', () => {
  it('takes command, alias or tool name, with or without /ops [L4]', () => {
    const texts = [
      `ec2 reboot ${WEB}`,
      `reboot ${WEB}`,
      `/ops restart ${WEB}`,
      `@opsagent reboot_ec2 instance_id=${WEB}`,
    ];
    for (const text of texts) {
      expect(speak(text)).to.deep.equal({
        kind: 'call',
        by: 'grammar',
        tool: 'reboot_ec2',
        input: { instance_id: WEB },
      });
    }
  });

  it('places words by their shape and keys by any of their names [L4]', () => {
    expect(speak(`ec2 status 1h ${WEB} cpu,memory`)).to.deep.include({
      input: { time_window: '1h', instance_id: WEB, metrics: 'cpu,memory' },
    });
    expect(speak(`status id=${WEB} --time-window 24h`)).to.deep.include({
      input: { instance_id: WEB, time_window: '24h' },
    });
    expect(speak('scale main/checkout count=6')).to.deep.include({
      input: { cluster: 'main', service: 'checkout', desired_count: 6 },
    });
  });

  it('names a key or a word it has no place for instead of dropping it [L4]', () => {
    const unknown = speak(`reboot ${WEB} force=true`);
    const surplus = speak(`ec2 status ${WEB} sideways`);

    expect(unknown).to.deep.include({ kind: 'ask', missing: 'force' });
    expect(unknown).to.have.property('question').that.includes('force').and.includes('instance_id, reason');
    expect(surplus.kind === 'call').to.equal(false);
    expect(surplus).to.have.property('question').that.includes('sideways');
  });

  const complaints: readonly [text: string, missing: string, written: string][] = [
    ['reboot i-123', 'instance_id', 'i-123'],
    [`reboot ${WEB.toUpperCase()}`, 'instance_id', WEB.toUpperCase()],
    [`reboot ${WEB}...`, 'instance_id', `${WEB}...`],
    [`reboot ${WEB},${DB}x`, 'instance_id', `${DB}x`],
    ['scale main/web to -3', 'desired_count', '-3'],
    ['scale main/web to 1e9', 'desired_count', '1e9'],
    ['scale main/web to 2.5', 'desired_count', '2.5'],
    ['scale main/web to 4k', 'desired_count', '4k'],
    [`ec2 status ${WEB} window="100 years"`, 'time_window', '100 years'],
    [`cpu of ${WEB} for 100 years`, 'time_window', '100 years'],
    [`ec2 status ${WEB} window=400d`, 'time_window', '400d'],
    ['show incident INC-12', 'incident_id', 'INC-12'],
  ];
  for (const [text, missing, written] of complaints) {
    it(`complains about “${written}” in “${text}” and repairs nothing [L4]`, () => {
      const got = speak(text);

      expect(got).to.deep.include({ kind: 'ask', missing });
      expect(got).to.have.property('question').that.includes(written);
    });
  }

  it('asks about a value given twice, left empty or with an open quotation mark [L4]', () => {
    const texts = [`reboot id=${WEB} id=${DB}`, `reboot ${WEB} --reason`, `reboot ${WEB} reason="it hangs`];
    for (const text of texts) expect(speak(text).kind, text).to.equal('ask');
  });

  it('asks for the cluster when only one name is written [L4]', () => {
    expect(speak('scale checkout 4')).to.deep.include({ kind: 'ask', missing: 'cluster' });
    expect(speak('ecs status checkout')).to.deep.include({ kind: 'ask', missing: 'cluster', known: {} });
  });

  it('offers commands to paste when it asks [L4]', () => {
    const got = speak('reboot web-2');

    expect(got).to.deep.include({ kind: 'ask', missing: 'instance_id' });
    expect(got).to.have.nested.property('choices[0].text', 'ec2 list');
  });

  it('asks for the id of a name, repeating the name, and shows where ids are found [L4]', () => {
    const got = speak('how is web-2 doing?');

    expect(got).to.deep.include({ kind: 'ask', tool: 'get_ec2_status', missing: 'instance_id', known: {} });
    expect(got).to.have.property('question').that.includes('web-2');
    expect(got).to.have.nested.property('choices[0].text', 'ec2 list');
  });

  it('begins a complaint with a capital letter and leaves field names as they are [L4]', () => {
    expect(speak('alb health'))
      .to.have.property('question')
      .that.matches(/^Exactly one of alb_arn/);
    expect(speak(`reboot id=${WEB} id=${DB}`))
      .to.have.property('question')
      .that.matches(/^instance_id is given twice/);
  });

  it('offers one whole command for each of two ids [L4]', () => {
    const got = speak(`reboot ${WEB} ${DB}`);

    expect(got).to.have.nested.property('choices[0].text', `ec2 reboot ${WEB}`);
    expect(got).to.have.nested.property('choices[1].text', `ec2 reboot ${DB}`);
  });

  it('carries a reason behind because and reason: [L4]', () => {
    expect(speak(`reboot ${WEB} because it hangs`)).to.deep.include({
      input: { instance_id: WEB, reason: 'it hangs' },
    });
    expect(speak(`reboot ${WEB} reason: "it hangs"`)).to.deep.include({
      input: { instance_id: WEB, reason: 'it hangs' },
    });
  });
});
