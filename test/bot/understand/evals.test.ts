import { expect } from 'chai';
import { heldOut } from '../../../evals/held-out.ts';
import { judge } from '../../../evals/judge.ts';
import { sentences } from '../../../evals/sentences.ts';
import { catalog } from '../../../tools/catalog.ts';
import { speak } from './speak.ts';

describe('the list of sentences', () => {
  const judged = [...sentences, ...heldOut].map((one) => judge(one, speak(one.text), catalog));

  it('has at least 300 sentences, 80 of them traps, and every tool [L4]', () => {
    const traps = sentences.filter(({ category }) => category.startsWith('traps'));
    const tools = new Set(sentences.flatMap(({ expected }) => ('tool' in expected ? [expected.tool] : [])));

    expect(sentences.length).to.be.at.least(300);
    expect(traps.length).to.be.at.least(80);
    expect(catalog.filter(({ name }) => !tools.has(name))).to.deep.equal([]);
  });

  it('leads to no wrong change at all [L4]', () => {
    expect(
      judged.filter(({ verdict }) => verdict === 'wrong-write').map(({ sentence }) => sentence.text),
    ).to.deep.equal([]);
  });

  it('is understood rightly in at least 95 of 100 cases [L4]', () => {
    const right = judged.filter(({ verdict }) => verdict === 'right').length;

    expect(right / judged.length).to.be.at.least(0.95);
  });
});
