import { expect } from 'chai';
import { newApprovalToken, newCorrelationId, newId, sha256Hex } from '../../lib/ids.ts';

describe('ids', () => {
  it('are a prefix and 12 hex digits, and do not meet', () => {
    const ids = Array.from({ length: 2000 }, () => newId('chg'));

    expect(new Set(ids).size).to.equal(2000);
    expect(ids.every((id) => /^chg-[0-9a-f]{12}$/.test(id))).to.equal(true);
  });

  it('of turns are UUIDs, so that AWS takes them as session names', () => {
    const id = newCorrelationId();

    expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('of approvals carry 256 random bits [G5]', () => {
    const tokens = Array.from({ length: 200 }, newApprovalToken);

    const bits = tokens.map((token) => Buffer.from(token.slice('approve-'.length), 'base64url').length * 8);

    expect(new Set(tokens).size).to.equal(200);
    expect(tokens.every((token) => /^approve-[\w-]{43}$/.test(token))).to.equal(true);
    expect(new Set(bits)).to.deep.equal(new Set([256]));
  });

  it('are hashed as UTF-8, as every other program does', () => {
    const hashes = [sha256Hex('abc'), sha256Hex('é')];

    expect(hashes).to.deep.equal([
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c',
    ]);
  });
});
