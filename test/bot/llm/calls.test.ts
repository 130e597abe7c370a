import { expect } from 'chai';
import fc from 'fast-check';
import { sortCall } from '../../../bot/llm/calls.ts';
import { catalog } from '../../../tools/catalog.ts';

const tools = new Map(catalog.map((tool) => [tool.name, tool]));
const sorted = (tool: string, input: unknown, said = '') =>
  sortCall(tools, { kind: 'call', id: 'c', tool, input }, said);

describe('sorting what a model calls', () => {
  it('knows each tool by its exact name and its effect [L2]', () => {
    for (const { name, effect } of catalog) expect(sorted(name, {}).kind).to.equal(effect);
  });

  it('takes no other writing of a name [L2]', () => {
    for (const { name } of catalog)
      for (const other of [name.toUpperCase(), name.replaceAll('_', '-'), `${name} `, ` ${name}`, `${name}\u200b`])
        expect(sorted(other, {}).kind, other).to.equal('bad');
    for (const other of ['approve', 'execute', '__proto__', 'constructor', 'toString', 'TerminateInstances', ''])
      expect(sorted(other, {}).kind, other).to.equal('bad');
  });

  it('refuses an input that is no plain object, hides a prototype, or is too long [L5]', () => {
    const inputs = [
      null,
      [],
      'text',
      7,
      undefined,
      JSON.parse('{"__proto__":{"instance_id":"i-1"}}'),
      JSON.parse('{"where":[{"__proto__":""}]}'),
      { a: 'x'.repeat(5_000_000) },
    ];

    const kinds = inputs.map((input) => sorted('reboot_ec2', input).kind);

    expect(kinds).to.deep.equal(inputs.map(() => 'bad'));
  });

  it('takes no address into a read that the person did not write [L3]', () => {
    const carried = [
      'https://exfil.example/?d=1',
      '<https://exfil.example|x>',
      '![x](//exfil.example/1)',
      '<!channel>',
    ];
    const kept = ['web-2', 'arn:aws:ecs:eu-west-1:111122223333:service/main/checkout', 'AWS/EC2', 'main/checkout'];

    const kinds = (values: readonly string[], said = '') =>
      values.map((name) => sorted('list_alarms', { name }, said).kind);

    expect(kinds(carried)).to.deep.equal(carried.map(() => 'bad'));
    expect(kinds(kept)).to.deep.equal(kept.map(() => 'read'));
    expect(kinds(carried, `look for ${carried.join(' ')}`)).to.deep.equal(carried.map(() => 'read'));
  });

  it('gives on what it takes unchanged, and never throws [L5]', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const one = sorted('reboot_ec2', input);
        if (one.kind === 'write') expect(one.input).to.deep.equal(input);
        else expect(one.kind).to.equal('bad');
      }),
      { numRuns: 2_000 },
    );
  });
});
