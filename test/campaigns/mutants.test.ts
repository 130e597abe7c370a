import { expect } from 'chai';
import { playMutants } from './mutants.ts';
import { GUARDS } from './walk/guards.ts';

describe('a guard that is taken out', () => {
  for (const guard of GUARDS) {
    it(`is missed by the walk: ${guard} [G8, G9]`, async () => {
      const [mutant] = await playMutants({ seed: 2026, steps: 20_000, guards: [guard] });

      expect(mutant?.missed).to.be.a('string');
    }).timeout(60_000);
  }
});
