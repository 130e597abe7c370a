import { expect } from 'chai';
import { readTyped } from '../../../adapters/terminal/commands.ts';

const people = [
  { id: 'alice@example.com', name: 'Alice Archer' },
  { id: 'bob@example.com', name: 'Bob Baker' },
  { id: 'bob@example.org', name: 'Robert Brown' },
];
const [alice] = people;
const place = { mode: 'LOCAL_MOCK' as const, person: alice ?? { id: '', name: '' }, people };

describe('terminal commands', () => {
  it('gives everything that is no command of its own to OpsAgent, /ops included', () => {
    const lines = ['list ec2 instances', '/ops help', '/unknown', ' help ', '/asbob'];

    const typed = lines.map((line) => readTyped(line, place));

    expect(typed).to.deep.equal(lines.map((line) => ({ kind: 'say', text: line.trim() })));
  });

  for (const asked of ['bob@example.com', 'BOB@EXAMPLE.COM', 'Bob Baker', 'bob  baker']) {
    it(`switches to Bob Baker for "/as ${asked}" [C4]`, () => {
      const typed = readTyped(`/as ${asked}`, place);

      expect(typed).to.deep.equal({ kind: 'become', person: people[1] });
    });
  }

  it('finds a person by the first part of the e-mail or of the name [C4]', () => {
    const typed = ['alice', 'Robert'].map((asked) => readTyped(`/as ${asked}`, place));

    expect(typed).to.deep.equal([
      { kind: 'become', person: people[0] },
      { kind: 'become', person: people[2] },
    ]);
  });

  it('asks which one when several people match', () => {
    const typed = readTyped('/as bob', place);

    expect(typed).to.have.property('kind', 'print');
    expect(typed).to.have.property('text').that.contains('bob@example.com, bob@example.org').and.not.contains('alice');
  });

  for (const line of ['/as mallory', '/as']) {
    it(`names the known people for "${line}" [C4]`, () => {
      const typed = readTyped(line, place);

      expect(typed).to.have.property('kind', 'print');
      expect(typed).to.have.property('text').that.contains('alice@example.com, bob@example.com, bob@example.org');
    });
  }

  it('says who you are and, where switching works, who else there is', () => {
    const mock = readTyped('/who', place);
    const live = readTyped('/who', { ...place, mode: 'SANDBOX_LIVE' });

    expect(mock).to.have.property('text').that.contains('You are Alice Archer').and.contains('Bob Baker');
    expect(live).to.have.property('text').that.contains('SANDBOX_LIVE').and.not.contains('Bob Baker');
  });

  it('explains itself and leaves when told to', () => {
    const typed = ['/help', '/quit', ''].map((line) => readTyped(line, place).kind);

    expect(typed).to.deep.equal(['print', 'quit', 'nothing']);
  });
});
