import { expect } from 'chai';
import { readPeople } from '../../approvals/people-parameters.ts';
import type { Parameter } from '../../lib/remote-config.ts';

const list = (name: string, value: string): Parameter => ({ name, value, type: 'StringList' });
const yaml = (name: string, value: string): Parameter => ({ name, value, type: 'SecureString' });

describe('people in Parameter Store', () => {
  it('are e-mails in a StringList that is named by their role, or YAML, or both [G2]', () => {
    const people = readPeople([
      list('/ops/people/engineer', 'ada@example.com, eve@example.com'),
      yaml('/ops/people/leads', 'Bob: {email: bob@example.com, roles: [ops-lead], teams: [web]}'),
      list('/ops/people/viewer', 'ada@example.com'),
    ]);

    expect(people.map(({ id, name, roles }) => ({ id, name, roles }))).to.deep.equal([
      { id: 'bob@example.com', name: 'Bob', roles: ['ops-lead'] },
      { id: 'ada@example.com', name: 'ada@example.com', roles: ['engineer', 'viewer'] },
      { id: 'eve@example.com', name: 'eve@example.com', roles: ['engineer'] },
    ]);
  });

  it('are nobody where the lists say nothing [G2]', () => {
    for (const parameters of [
      [yaml('/p', '{}')],
      [yaml('/p', '# none')],
      [list('/p/admin', ',')],
      [list('/p/admin', ' ')],
    ])
      expect(readPeople(parameters), parameters[0]?.value).to.deep.equal([]);
  });

  const wrong: [title: string, parameters: Parameter[], said: RegExp][] = [
    ['a list without a role in its name', [list('/p/everyone', 'ada@example.com')], /\/p\/everyone: .*admin, ops-lead/],
    ['a list of words', [list('/p/admin', 'ada')], /email/i],
    ['a role in YAML that there is not', [yaml('/p', 'Ada: {email: ada@example.com, roles: [root]}')], /roles/],
    [
      'one human being in a list and in YAML',
      [list('/p/viewer', 'ADA@example.com'), yaml('/p/x', 'Ada: {email: ada@example.com, roles: [admin]}')],
      /ADA@example.com stands in a StringList and in YAML/,
    ],
    [
      'one human being in two spellings',
      [list('/p/viewer', 'ADA@example.com'), list('/p/admin', 'ada@example.com')],
      /two people have the same e-mail/,
    ],
    [
      'one human being in two parts',
      [yaml('/p/x', 'A: {email: ada@example.com, roles: []}'), yaml('/p/y', 'B: {email: ada@example.com, roles: []}')],
      /two people have the same e-mail/,
    ],
  ];
  for (const [title, parameters, said] of wrong) {
    it(`are refused for ${title} [G2, G4]`, () => {
      expect(() => readPeople(parameters)).to.throw(said);
    });
  }
});
