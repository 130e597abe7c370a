import { expect } from 'chai';
import type { Message } from '../../../console/src/api.ts';
import { spokenBy, timesSaid, withMessage } from '../../../console/src/chat/messages.ts';
import { recall } from '../../../console/src/chat/recall.ts';

const answer = (over: Partial<Message> = {}): Message => ({
  id: 'm1',
  at: '2026-11-21T12:00:00.000Z',
  from: 'opsagent',
  summary: 'Waiting for approval',
  revision: 1,
  ...over,
});

const said = (id: string, text: string, person = 'alice@example.com'): Message =>
  answer({ id, from: 'person', person: { id: person, name: 'Alice' }, text, summary: text });

describe('messages of a conversation', () => {
  it('change in place when a newer revision arrives [G11]', () => {
    const messages = [answer(), answer({ id: 'm2' })];

    const after = withMessage(messages, answer({ revision: 2, summary: 'Done' }));

    expect(after.map(({ id, summary }) => [id, summary])).to.deep.equal([
      ['m1', 'Done'],
      ['m2', 'Waiting for approval'],
    ]);
  });

  it('never go back to an older revision that arrives late [G11]', () => {
    const messages = [answer({ revision: 3, summary: 'Done' })];

    const after = withMessage(messages, answer({ revision: 2, summary: 'Executing' }));

    expect(after.map(({ summary }) => summary)).to.deep.equal(['Done']);
  });

  it('stand in the order of their time, also when an earlier one arrives last', () => {
    const late = answer({ id: 'm0', at: '2026-11-21T11:59:00.000Z' });

    expect(withMessage([answer()], late).map(({ id }) => id)).to.deep.equal(['m0', 'm1']);
  });

  it("count one's own texts only, so that another person's equal text is not taken for an arrival", () => {
    const messages = [said('a', 'help'), said('b', 'help', 'bob@example.com')];

    expect(timesSaid('alice@example.com', 'help', messages)).to.equal(1);
  });
});

describe('recalling what was said', () => {
  const recent = spokenBy('alice@example.com', [said('a', 'one'), said('b', 'two'), said('c', 'one')]);

  it('walks from the newest text to the oldest, each once, and back to empty [C3]', () => {
    expect(recall('ArrowUp', '', recent)).to.equal('one');
    expect(recall('ArrowUp', 'one', recent)).to.equal('two');
    expect(recall('ArrowUp', 'two', recent)).to.equal(undefined);
    expect(recall('ArrowDown', 'two', recent)).to.equal('one');
    expect(recall('ArrowDown', 'one', recent)).to.equal('');
  });

  it('leaves a half typed text and other keys alone', () => {
    expect(recall('ArrowUp', 'on', recent)).to.equal(undefined);
    expect(recall('a', '', recent)).to.equal(undefined);
    expect(recall('ArrowDown', '', recent)).to.equal(undefined);
  });
});
