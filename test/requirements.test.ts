import { expect } from 'chai';
import { citations } from './house/citations.ts';
import { readHouse } from './house/source.ts';
import { requirements } from './requirements.ts';

describe('the requirements', () => {
  const cited = citations(readHouse(new URL('..', import.meta.url).pathname));

  for (const [id, behaviour] of Object.entries(requirements)) {
    it(`have a test for ${id}: ${behaviour}`, () => {
      const tests = cited.get(id) ?? [];

      if (tests.length === 0)
        expect.fail(`no test title ends with [${id}]; write the test that proves it: ${behaviour}`);
    });
  }

  it('are known wherever a test cites one', () => {
    const unknown = [...cited].filter(([id]) => !(id in requirements));

    const places = unknown.map(([id, tests]) => `  ${id} is cited by ${tests.join(', ')}`);

    if (places.length > 0)
      expect.fail(`add these to test/requirements.ts, or correct the titles:\n${places.join('\n')}`);
  });
});
