import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { configKeys } from '../../lib/config.ts';
import { principalOf } from '../../tools/aws/write-session.ts';

const guide = readFileSync(new URL('../../docs/aws-roles.md', import.meta.url), 'utf8');

describe('docs/aws-roles.md', () => {
  it('names only keys that there are [O3, G1]', () => {
    const named = [...guide.matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:`|=)/g)].map(([, key = '']) => key);

    const unknown = named.filter((key) => !configKeys.includes(key) && key !== 'DRY_RUN' && key !== 'SANDBOX_LIVE');

    expect(named).to.include.members(configKeys.filter((key) => /^AWS_WRITE|^AWS_REQUIRE/.test(key)));
    expect(unknown).to.deep.equal([]);
  });

  it('shows a trust policy that lets one role in, and no more than a session needs [G1]', () => {
    const [, text = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];

    const { Statement } = JSON.parse(text);

    expect(Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)).to.have.members([
      'sts:AssumeRole',
      'sts:SetSourceIdentity',
      'sts:TagSession',
    ]);
    expect(text).to.not.include('*');
    for (const { Principal } of Statement) expect(Principal.AWS).to.match(/:role\/OpsAgentRead$/);
  });

  it('tells how to find a person by SourceIdentity as it is made [A1]', () => {
    const [, person = ''] = /printf %s (\S+@\S+) \\\| sha256sum \\\| cut -c1-32/.exec(guide) ?? [];

    expect(principalOf(person)).to.equal('5ff860bf1190596c7188ab851db691f0');
  });
});
