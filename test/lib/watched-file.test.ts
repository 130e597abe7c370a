import { renameSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { watchYaml } from '../../lib/watched-file.ts';
import { movableClock } from '../store/movable-clock.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

describe('a file that is read again', () => {
  const path = temporaryFolder();

  it('is fresh again when it comes back as it was, the very same file [G2, A6]', () => {
    writeFileSync(path('people.yaml'), 'a: 1\n');
    const { clock, setNow } = movableClock(0);
    const watched = watchYaml(path('people.yaml'), z.object({ a: z.number() }), clock);

    renameSync(path('people.yaml'), path('away.yaml'));
    setNow(1_000);
    const away = watched();
    renameSync(path('away.yaml'), path('people.yaml'));
    setNow(2_000);
    const back = watched();

    expect(away).to.include({ state: 'stale' });
    expect(back).to.deep.equal({ state: 'fresh', value: { a: 1 } });
  });
});
