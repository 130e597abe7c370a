import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { loadPolicy } from '../../approvals/policy.ts';
import { OpsError } from '../../lib/errors.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { policy } from './house.ts';

const rules = readFileSync(new URL('../../approvals/rules/opsagent.cedar', import.meta.url), 'utf8');
const schema = readFileSync(new URL('../../approvals/rules/opsagent.cedarschema', import.meta.url), 'utf8');

const annotated = (body: string) => `@id("one")\n@rule("A rule.")\n@next("Do this.")\n${body}`;

describe('rule files', () => {
  const path = temporaryFolder();

  const load = (rulesText: string, schemaText = schema) => {
    writeFileSync(path('rules.cedar'), rulesText);
    writeFileSync(path('rules.cedarschema'), schemaText);
    return loadPolicy(pathToFileURL(path('rules.cedar')), pathToFileURL(path('rules.cedarschema')));
  };
  const refusal = (work: () => unknown): OpsError => {
    try {
      work();
    } catch (error) {
      if (error instanceof OpsError) return error;
      throw error;
    }
    throw new Error('it started');
  };

  it('load when they are whole, and give the hash of what was loaded [G3]', () => {
    expect(load(rules).hash).to.equal(policy.hash);
    expect(load(rules.replace('Everyone', 'Anybody')).hash).to.not.equal(policy.hash);
  });

  it('answer each person and each resource for itself where a rule names one, however it is written [G3]', () => {
    const named = load(`${rules}
@id("not-this-one") @rule("This one is not touched.") @next("Leave it.")
forbid (principal, action == Action::"change", resource) when { resource == Target // this one
 :: "arn:aws:ec2:eu-west-1:1:instance/i-1" };
@id("not-ada") @rule("Ada changes nothing.") @next("Ask somebody else.")
forbid (principal == Person::"ada@example.com", action == Action::"change", resource);`);
    const change = (id: string, instance: string) => {
      const arn = `arn:aws:ec2:eu-west-1:1:instance/${instance}`;
      const target = { arn, service: 'ec2', managed: true, environmentMatches: true, production: false };
      return named.ask({ id, roles: ['engineer'] }, { action: 'change', target, risk: 'medium' }).allowed;
    };

    for (const _ of ['asked', 'asked again']) {
      expect(change('bob@example.com', 'i-2')).to.equal(true);
      expect(change('bob@example.com', 'i-1')).to.equal(false);
      expect(change('ada@example.com', 'i-2')).to.equal(false);
    }
  });

  for (const [what, text] of [
    ['are empty', ''],
    ['hold only a comment', '// nothing'],
    ['are broken', rules.slice(0, -3)],
    ['are not Cedar', 'permit everything'],
    ['hold a rule without an id', rules.replace('@id("reads")\n', '')],
    ['hold a rule without its sentence', rules.replace(/@rule\("Everyone[^\n]*\n/, '')],
    ['hold a rule without its next step', rules.replace('@next("Ask an admin to add you to the allow-list.")\n', '')],
    ['hold an id twice', rules.replace('@id("workflows")', '@id("reads")')],
    ['name a role entity type that is none', annotated('permit (principal in Group::"x", action, resource);')],
    ['name an action that is none', annotated('permit (principal, action == Action::"approv", resource);')],
    [
      'compare an attribute that is none',
      annotated('permit (principal, action == Action::"change", resource) when { resource.tagged };'),
    ],
    [
      'compare with the wrong type',
      annotated('forbid (principal, action == Action::"approve", resource) when { context.risk == 3 };'),
    ],
  ] as const) {
    it(`refuse to start when they ${what} [G3]`, () => {
      const error = refusal(() => load(text));

      expect(error.code).to.equal('policy_unavailable');
      expect(error.hint).to.include('Nothing runs without rules');
    });
  }

  it('refuse to start when one is missing, a folder, or has a broken schema [G3]', () => {
    mkdirSync(path('folder'));
    const missing = refusal(() => loadPolicy(pathToFileURL(path('none.cedar'))));
    const folder = refusal(() => loadPolicy(pathToFileURL(path('folder'))));
    const broken = refusal(() => load(rules, `${schema}\nentity`));

    for (const error of [missing, folder, broken]) expect(error.code).to.equal('policy_unavailable');
    expect(missing.message).to.not.include(path(''));
  });
});
