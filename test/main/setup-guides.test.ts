import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { readEnvelope } from '../../adapters/qbusiness/envelope.ts';
import { flatOperations } from '../../adapters/qbusiness/flat-operations.ts';
import { PLACES } from '../../adapters/qbusiness/operations.ts';
import { botScopes } from '../../adapters/slack/manifest.ts';
import { PeopleFile } from '../../approvals/people.ts';
import { Settings } from '../../approvals/settings.ts';
import { configKeys } from '../../lib/config.ts';
import { catalog, toolByName } from '../../tools/catalog.ts';

for (const name of ['setup-slack.md', 'setup-teams.md']) {
  const guide = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

  describe(`docs/${name}`, () => {
    it('names only keys that there are [C10, O3]', () => {
      const named = [...guide.matchAll(/(?:`|^ *)([A-Z]+(?:_[A-Z]+)+)(?:`|=)/gm)].map(([, key = '']) => key);

      const unknown = named.filter((key) => !configKeys.includes(key) && key !== 'LOCAL_MOCK');

      expect(named).to.include('PUBLIC_URL');
      expect(unknown).to.deep.equal([]);
    });

    it('shows people and routes that OpsAgent takes as they stand [C10]', () => {
      const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text.replace(/^ {3}/gm, ''));

      const [people, policy] = blocks.map((text): unknown => parse(text));

      expect(blocks).to.have.length(2);
      expect(PeopleFile.parse(people)[0]?.accounts).not.to.deep.equal({});
      expect(Object.keys(Settings.parse(policy).routes)).to.deep.equal(['#ops']);
    });
  });
}

describe('docs/setup-slack.md', () => {
  it('says of every scope what it is for [C10]', () => {
    const guide = readFileSync(new URL('../../docs/setup-slack.md', import.meta.url), 'utf8');

    const rows = [...guide.matchAll(/^\| ((?:`[a-z_:.]+` ?)+) *\|/gm)].map(([, cell = '']) => cell);
    const explained = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, scope]) => scope));

    expect(explained).to.have.members(botScopes);
  });
});

describe('docs/setup-amazon-q.md', () => {
  const guide = readFileSync(new URL('../../docs/setup-amazon-q.md', import.meta.url), 'utf8');

  it('names only keys, operations and paths that there are [Q2, O3]', () => {
    const keys = [...guide.matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:`|=)/g)].map(([, key = '']) => key);
    const places = [...guide.matchAll(/\/operations\/(\w+)/g)].map(([, place = '']) => place);

    expect(keys).to.include.members(['OIDC_ISSUER', 'API_KEYS_FILE']);
    expect(keys.filter((key) => !configKeys.includes(key) && key !== 'LOCAL_MOCK')).to.deep.equal([]);
    expect(new Set(places)).to.deep.equal(new Set(PLACES));
    for (const name of ['approve_change', 'reject_change', 'get_change_status', 'chat'])
      expect(flatOperations(catalog).some((operation) => operation.name === name)).to.equal(
        guide.includes(`\`${name}\``),
      );
  });

  it('shows a call that works as it stands [Q1]', () => {
    const [, body = ''] = /-d '(\{[\s\S]*?\})'/.exec(guide) ?? [];

    const read = readEnvelope('diagnostic', toolByName, JSON.parse(body));

    expect(read).to.have.nested.property('asked.said.call.tool', 'get_cloudwatch_metrics');
    expect(read).to.have.nested.property('asked.mend', undefined);
  });
});
