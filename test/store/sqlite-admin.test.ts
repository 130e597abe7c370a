import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { OpsError } from '../../lib/errors.ts';
import type { StoreAdmin } from '../../store/admin.ts';
import { openSqliteAdmin } from '../../store/sqlite-admin.ts';
import { all, coming, copiedRows } from './copied-rows.ts';
import { refused } from './ends.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PAGE = 4096;

describe('the whole of a SQLite file', () => {
  const inFolder = temporaryFolder();

  /** Opens the file for one piece of work, as a command does. */
  async function using<T>(work: (admin: StoreAdmin) => Promise<T>): Promise<T> {
    const admin = openSqliteAdmin(inFolder('ops.db'));
    try {
      return await work(admin);
    } finally {
      await admin.close();
    }
  }

  it('holds no rows after an import that breaks [O4]', async () => {
    const cutOff = () => {
      throw new OpsError('input_invalid', 'the file was cut off', { hint: 'Copy it again.' });
    };

    const { code } = await refused(using((admin) => admin.load(coming(copiedRows(5), cutOff))));
    const left = await using((admin) => all(admin.rows()));

    expect(code).to.equal('input_invalid');
    expect(left).to.deep.equal([]);
  });

  for (const [what, rows, page] of [
    [
      'that only the body of a row stands on',
      copiedRows(1, 'x'.repeat(10 * PAGE)),
      -1,
      /^the file is damaged: .*[Pp]age \d+/,
    ],
    ['that holds the rows themselves', copiedRows(90, 'x'.repeat(900)), 20],
  ] as const)
    it(`is said to be damaged, and where, when a page is ${what} [O4]`, async () => {
      await using((admin) => admin.load(coming(rows)));
      const whole = await using((admin) => admin.check());
      const bytes = readFileSync(inFolder('ops.db'));
      const start = page < 0 ? bytes.length + page * PAGE : page * PAGE;
      writeFileSync(inFolder('ops.db'), bytes.fill(0xaa, start, start + PAGE));

      const findings = await using((admin) => admin.check());

      expect(whole.map(({ ok }) => ok)).to.deep.equal([true, true]);
      expect(findings.map(({ ok }) => ok)).to.deep.equal([false]);
      expect(findings[0]?.said).to.match(/^the file is damaged: .*[Pp]age \d+/);
    });
});
