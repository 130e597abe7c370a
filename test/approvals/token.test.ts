import { expect } from 'chai';
import fc from 'fast-check';
import { CALLS, caller, createHouse, decide, propose, records, ruleOf, stored } from './house.ts';

/** What a token becomes on its way: cut, padded, re-cased, re-encoded, with characters that nobody sees. */
function mutants(token: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: token.length });
  const spliced = (insert: fc.Arbitrary<string>, cut: number) =>
    fc.tuple(place, insert).map(([at, text]) => token.slice(0, at) + text + token.slice(at + cut));
  const bare = token.slice('approve-'.length);
  return fc.oneof(
    spliced(fc.constantFrom(' ', '\n', '\t', '\u200b', '\u00a0', '=', '%20', '\u0000', '\u202e', '+', '/'), 0),
    spliced(fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }), 1),
    place.map((end) => token.slice(0, end)),
    place.map((start) => token.slice(start)),
    fc.constantFrom(
      ...[token.toUpperCase(), token.toLowerCase(), `${token}=`, `${token}==`, ` ${token}`, `${token} `],
      ...[
        bare,
        `approve-${bare}A`,
        `reject-${bare}`,
        `approve-${token}`,
        encodeURIComponent(` ${token}`),
        `token:${token}`,
      ],
      ...[token.replaceAll('-', '+').replaceAll('_', '/'), token.split('').reverse().join(''), '', "' OR 1=1 --"],
      Buffer.from(bare, 'base64url').toString('base64'),
      `approve-${Buffer.from(bare, 'base64url').toString('hex')}`,
    ),
  );
}

describe('approval token', () => {
  it('works to the letter and in no other spelling [G5]', async () => {
    const house = await createHouse();
    const { id, token } = await propose(house, CALLS.medium);
    const tried = new Set<string>();

    await fc.assert(
      fc.asyncProperty(mutants(token), async (mutant) => {
        fc.pre(mutant !== token);
        tried.add(mutant);
        const outcome = await house.gate.decide({ verdict: 'approve', by: { token: mutant } }, caller('bob'));
        expect(ruleOf(outcome), JSON.stringify(mutant)).to.equal('known-approval');
        expect(outcome.view).to.have.property('because', 'There is no such approval, or its token is not valid.');
      }),
      { numRuns: 600, seed: 11 },
    );
    const untouched = await decide(house, 'bob', token);

    expect(tried.size).to.be.greaterThan(300);
    expect(untouched.status).to.equal('done');
    expect((await stored(house, id)).state).to.equal('succeeded');
    expect(house.aws.writes).to.have.length(1);
  });

  it('is not enough without the right person [G5, G3]', async () => {
    const house = await createHouse();
    const { token } = await propose(house, CALLS.medium);

    for (const who of ['carol', 'mallory']) expect(ruleOf(await decide(house, who, token))).to.equal('approve-medium');
    expect(house.aws.writes).to.have.length(0);
  });

  it('is neither its own hash nor the id nor the digest of its change [G5]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    const { token_hash, digest } = await stored(house, id);

    for (const token of [token_hash, digest, id, `approve-${token_hash}`]) {
      const outcome = await house.gate.decide({ verdict: 'approve', by: { token } }, caller('bob'));
      expect(ruleOf(outcome)).to.equal('known-approval');
    }
  });

  it('of one change never decides another [G5]', async () => {
    const house = await createHouse();
    const first = await propose(house, CALLS.medium);
    const second = await propose(house, CALLS.low);

    await decide(house, 'bob', first.token);

    expect((await stored(house, second.id)).state).to.equal('pending');
    expect((await records(house)).filter(({ type }) => type === 'approval_granted')).to.have.length(1);
  });

  it('is worth nothing after a rejection [G5, G7]', async () => {
    const house = await createHouse();
    const { id, token } = await propose(house, CALLS.medium);
    await decide(house, 'dave', id, { verdict: 'reject', reason: 'no' });

    expect(ruleOf(await decide(house, 'bob', token))).to.equal('already-decided');
    expect((await records(house)).at(-1)).to.deep.include({ type: 'token_refused', change_id: id });
  });
});
