import { expect } from 'chai';
import { WRITE_PATHS } from './audit-down/write-paths.ts';
import { type AuditDownFigures, playAuditDown, slowCells } from './audit-down.ts';

describe('while the audit record cannot be written', () => {
  let figures: AuditDownFigures;

  before(async function () {
    this.timeout(60_000);

    figures = await playAuditDown({ runs: 1 });
  });

  it('every write path is tried under every fault, and works again afterwards [A3]', () => {
    expect(figures.cells).to.have.length(44);
    expect(figures.lame).to.deep.equal([]);
  });

  it('no write path calls AWS [A3, G10]', () => {
    expect(figures.calls).to.deep.equal([]);
  });

  it('nothing is written and nothing is said to be done [A3]', () => {
    expect(figures.written).to.deep.equal([]);
    expect(figures.claimed).to.deep.equal([]);
  });

  it('reads go on [A3]', () => {
    expect(figures.unread).to.deep.equal([]);
  });

  it('the refusal comes within 5 s, also when the store hangs [A3]', () => {
    expect(slowCells(figures)).to.deep.equal([]);
  });

  it('the refusal comes late wherever the store is waited for [A3]', async function () {
    this.timeout(60_000);

    const spoiled = await playAuditDown({ runs: 1, sabotage: 'the store is waited for' });

    const late = slowCells(spoiled);
    expect(late.map(({ path }) => path)).to.have.members(WRITE_PATHS.map(({ name }) => name));
    expect(late.every(({ fault }) => fault === 'store hangs')).to.equal(true);
  });

  it('AWS is called and success is claimed at once by an audit that swallows its errors [A3]', async () => {
    const spoiled = await playAuditDown({ runs: 1, sabotage: 'audit swallows its errors' });

    const paths = new Set(spoiled.claimed.map((where) => where.split(' × ')[0]));
    expect(spoiled.calls).to.include.members(['approve × read-only', 'execute × disk full']);
    expect([...paths]).to.have.members(WRITE_PATHS.map(({ name }) => name));
  });
});
