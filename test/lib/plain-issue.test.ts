import { expect } from 'chai';
import { z } from 'zod';
import { plainIssue } from '../../lib/plain-issue.ts';

const Form = z.object({
  name: z.string(),
  much: z.number(),
  own: z.string().regex(/^i-/, 'an id looks like i-…'),
  free: z.string().optional(),
});

function told(value: unknown): string[] {
  const parsed = Form.safeParse(value, { error: plainIssue });
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('what is said of a wrong value', () => {
  it('says in plain words what is missing and what is needed [Q1]', () => {
    const nothing = told({ own: 'i-1' });
    const others = told({ name: 7, much: '7', own: 'i-1', free: [] });
    const none = told(undefined);

    expect(nothing).to.deep.equal(['name: missing', 'much: missing']);
    expect(others).to.deep.equal(['name: text is needed', 'much: a number is needed', 'free: text is needed']);
    expect(none).to.deep.equal([': missing']);
  });

  it('leaves a schema the words it has of its own [Q1]', () => {
    expect(told({ name: 'a', much: 1, own: 'x' })).to.deep.equal(['own: an id looks like i-…']);
  });
});
