import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { saveAuditCopy } from '../../approvals/audit-copy.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const hash = 'a'.repeat(64);
const line = (chain: string, seq: number) => JSON.stringify({ chain, seq, hash, summary: `${chain} said ${seq}` });
const endOf = (chain: string, seq: number) => ({ chain, seq, hash });

describe('the audit copy that a backup saves', () => {
  const path = temporaryFolder();
  const write = (...lines: string[]) => writeFileSync(path('from.jsonl'), lines.map((one) => `${one}\n`).join(''));
  const save = (...ends: ReturnType<typeof endOf>[]) => saveAuditCopy(path('from.jsonl'), path('to.jsonl'), ends);
  const saved = () => readFileSync(path('to.jsonl'), 'utf8').trimEnd().split('\n');

  it('ends with each chain where the chain ends in the store: what was recorded later is left out [A2, O4]', async () => {
    const [first, second, third] = [line('main', 1), line('main', 2), line('main', 3)];
    const [other, otherLater] = [line('c1', 1), line('c1', 2)];
    write(first, other, second, third, otherLater);

    await save(endOf('main', 2), endOf('c1', 1));

    expect(saved()).to.deep.equal([first, other, second]);
    expect(statSync(path('to.jsonl')).mode & 0o777).to.equal(0o600);
  });

  it('holds no line of a chain that the store did not have yet [A2, O4]', async () => {
    write(line('main', 1), line('c1', 1));

    await save(endOf('main', 1));

    expect(saved()).to.deep.equal([line('main', 1)]);
  });

  it('hides nothing: lines that are no records are saved as they are, in their places [A2, O4]', async () => {
    const lines = ['not json', line('main', 1), '{"seq":"9"}', line('main', 2)];
    write(...lines, line('main', 3), 'cut of');

    await save(endOf('main', 2));

    expect(saved()).to.deep.equal([...lines, 'cut of']);
  });

  it('is not made where there is no copy, and takes the place of no file [O4]', async () => {
    await save(endOf('main', 1));
    const made = existsSync(path('to.jsonl'));
    write(line('main', 1));
    writeFileSync(path('to.jsonl'), 'precious\n');

    const refusal = await save(endOf('main', 1)).catch((error: unknown) => String(error));

    expect(made).to.equal(false);
    expect(refusal).to.include('EEXIST');
    expect(saved()).to.deep.equal(['precious']);
  });
});
