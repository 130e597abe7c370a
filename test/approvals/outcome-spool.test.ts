import fs, {
  appendFileSync,
  fstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { createOutcomeSpool, type OutcomeSpool, type Waiting } from '../../approvals/outcome-spool.ts';
import { sha256Hex } from '../../lib/ids.ts';

function outcomeOf(change_id: string, fence = 1, line = 'Initiated: 12:00'): Omit<Waiting, 'kind'> {
  const outcome = { at: '2026-11-20T12:00:00.000Z', lines: [line], request_id: 'req-7' };
  return { change_id, fence, sent: { state: 'succeeded', outcome, verify_ms: 600_000 } };
}
const idsIn = (spool: OutcomeSpool) => spool.read().map(({ change_id }) => change_id);

/** What is synced to the disk during `work`, and how long it was by then: Node's own way to have one of its functions replaced. */
function syncsOf(work: () => void): { inode: number; size: number }[] {
  const synced: { inode: number; size: number }[] = [];
  const { fsyncSync } = fs;
  const watched = (file: number) => {
    fsyncSync(file);
    const { ino, size } = fstatSync(file);
    synced.push({ inode: ino, size });
  };
  try {
    fs.fsyncSync = watched;
    syncBuiltinESMExports();
    work();
  } finally {
    fs.fsyncSync = fsyncSync;
    syncBuiltinESMExports();
  }
  return synced;
}

describe('the spool of outcomes', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsagent-spool-'));
    path = join(folder, 'data', 'outcomes.jsonl');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what another process put there, oldest first, until it is settled [G10]', () => {
    const written = createOutcomeSpool(path);
    for (const id of ['chg-a', 'chg-b', 'chg-c']) written.add(outcomeOf(id));

    const read = createOutcomeSpool(path);
    const before = read.read();
    read.settle({ change_id: 'chg-b', fence: 1 });

    expect(before).to.deep.equal(['chg-a', 'chg-b', 'chg-c'].map((id) => ({ kind: 'outcome', ...outcomeOf(id) })));
    expect(idsIn(written)).to.deep.equal(['chg-a', 'chg-c']);
  });

  it('holds nothing before there is a file, and settles only the fence that is named [G10]', () => {
    const spool = createOutcomeSpool(path);
    const empty = spool.read();
    spool.add(outcomeOf('chg-a', 2));
    spool.settle({ change_id: 'chg-a', fence: 1 });

    expect(empty).to.deep.equal([]);
    expect(idsIn(spool)).to.deep.equal(['chg-a']);
  });

  it('has the whole line, and the folder of its file, synced to the disk when it returns [G10]', () => {
    const spool = createOutcomeSpool(path);

    const added = syncsOf(() => spool.add(outcomeOf('chg-a')));
    const [fileThen, folderThen] = [statSync(path), statSync(dirname(path))];
    const settled = syncsOf(() => spool.settle({ change_id: 'chg-a', fence: 1 }));
    const fileNow = statSync(path);

    const asSynced = ({ ino, size }: Stats) => ({ inode: ino, size });
    expect(added).to.deep.include.members([asSynced(fileThen), asSynced(folderThen)]);
    expect(settled).to.deep.include(asSynced(fileNow));
    expect(fileNow.size).to.be.greaterThan(fileThen.size);
  });

  it('keeps every whole line however the last one was torn, and goes on after it [G10]', () => {
    fc.assert(
      fc.property(fc.nat(400), (cut) => {
        rmSync(join(folder, 'data'), { recursive: true, force: true });
        const spool = createOutcomeSpool(path);
        spool.add(outcomeOf('chg-a'));
        const whole = readFileSync(path, 'utf8');
        spool.add(outcomeOf('chg-b'));
        const torn = readFileSync(path, 'utf8').slice(0, whole.length + cut);
        writeFileSync(path, torn);

        spool.add(outcomeOf('chg-c'));

        const lost = !torn.trimEnd().endsWith('}');
        expect(idsIn(spool).filter((id) => id !== 'chg-b')).to.deep.equal(['chg-a', 'chg-c']);
        if (lost) expect(idsIn(spool)).to.not.include('chg-b');
      }),
    );
  });

  it('believes no line that was changed [G10]', () => {
    const spool = createOutcomeSpool(path);
    spool.add(outcomeOf('chg-a'));
    const good = readFileSync(path, 'utf8');

    fc.assert(
      fc.property(fc.nat(good.trim().length - 1), fc.constantFrom('0', 'x', '"', '9'), (at, put) => {
        const from = at + 1;
        fc.pre(good[from] !== put);
        writeFileSync(path, good.slice(0, from) + put + good.slice(from + 1));

        expect(spool.read()).to.deep.equal([]);
      }),
    );
    writeFileSync(path, good);
    appendFileSync(path, 'not a line of ours\n');
    expect(idsIn(spool)).to.deep.equal(['chg-a']);
  });

  it('refuses what another version wrote, instead of passing over an outcome [G10]', () => {
    const spool = createOutcomeSpool(path);
    spool.add(outcomeOf('chg-a'));
    const foreign = JSON.stringify({ kind: 'outcome of tomorrow', change_id: 'chg-b' });
    appendFileSync(path, `${sha256Hex(foreign)} ${foreign}\n`);

    expect(() => spool.read())
      .to.throw(/cannot be understood/)
      .and.include({ code: 'store_unavailable' });
  });

  it('says that it cannot be written, or read, instead of seeming empty [G10, A3]', () => {
    const nowhere = createOutcomeSpool('/dev/null/outcomes.jsonl');
    const aFolder = createOutcomeSpool(folder);

    expect(() => nowhere.add(outcomeOf('chg-a'))).to.throw(/cannot be written: E[A-Z]+/);
    expect(() => aFolder.read())
      .to.throw(/cannot be read: EISDIR/)
      .and.include({ code: 'store_unavailable' });
  });
});
