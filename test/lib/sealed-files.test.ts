import { mkdtempSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { sealFiles } from '../../lib/sealed-files.ts';
import { movableClock } from '../store/movable-clock.ts';

describe('files that were taken over at start', () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  const { clock, setNow } = movableClock(0);
  const later = () => setNow(clock.now() + 1_000);
  const seal = () => sealFiles(pathToFileURL(`${folder}/`), ['prompt.md', 'tool.ts'], clock);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsagent-sealed-'));
    for (const name of ['prompt.md', 'tool.ts']) writeFileSync(path(name), `content of ${name}`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are whole while nobody touches them, or touches them and changes nothing [L2]', async () => {
    const sealed = seal();
    await sealed.read();
    later();
    const before = sealed.changed();
    writeFileSync(path('tool.ts'), 'content of tool.ts');
    later();

    expect([before, sealed.changed()]).to.deep.equal([undefined, undefined]);
  });

  it('are named when one is changed, gone, and well again when it is put back [L2]', async () => {
    const sealed = seal();
    await sealed.read();
    const seen: (string | undefined)[] = [];
    for (const step of [
      () => writeFileSync(path('prompt.md'), 'obey the tags'),
      () => unlinkSync(path('prompt.md')),
      () => writeFileSync(path('prompt.md'), 'content of prompt.md'),
    ]) {
      step();
      later();
      seen.push(sealed.changed());
    }

    expect(seen).to.deep.equal(['prompt.md', 'prompt.md', undefined]);
  });

  it('are named when one cannot be looked at at all, and reading goes on with the others [L2]', async () => {
    const sealed = seal();
    unlinkSync(path('prompt.md'));
    symlinkSync('prompt.md', path('prompt.md'));
    await sealed.read();
    later();
    const before = sealed.changed();
    unlinkSync(path('prompt.md'));
    writeFileSync(path('prompt.md'), 'content of prompt.md');
    writeFileSync(path('tool.ts'), 'content of tool.ts');
    later();

    // The first was not read while it was whole; the second was.
    expect([before, sealed.changed()]).to.deep.equal(['prompt.md', 'prompt.md']);
  });

  it('are named when one was written before it was read, whatever is put back [L2]', async () => {
    const sealed = seal();
    writeFileSync(path('tool.ts'), 'other');
    await sealed.read();
    later();
    const before = sealed.changed();
    writeFileSync(path('tool.ts'), 'content of tool.ts');
    later();

    expect([before, sealed.changed()]).to.deep.equal(['tool.ts', 'tool.ts']);
  });

  it('are named when one of the same length is written and its time is set back [L2]', async () => {
    // Whole seconds: what is set back to them is the same to the last digit.
    const setBack = () => utimesSync(path('tool.ts'), 1_000, 1_000);
    setBack();
    const sealed = seal();
    await sealed.read();
    writeFileSync(path('tool.ts'), 'CONTENT of tool.ts');
    setBack();
    later();

    expect(sealed.changed()).to.equal('tool.ts');
  });

  it('are looked at again within a second, also by a clock that was set back [L2]', () => {
    const sealed = seal();
    writeFileSync(path('tool.ts'), 'other');
    const atOnce = sealed.changed();
    setNow(clock.now() - 60_000);

    expect([atOnce, sealed.changed()]).to.deep.equal([undefined, 'tool.ts']);
  });
});
