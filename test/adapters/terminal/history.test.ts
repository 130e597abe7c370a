import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createHistory } from '../../../adapters/terminal/history.ts';
import { newApprovalToken } from '../../../lib/ids.ts';
import { type Log, silentLog } from '../../../lib/log.ts';
import { startTerminal } from './terminal-harness.ts';

describe('terminal history', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opsagent-history-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps the newest 500 lines, oldest first, for its owner only [C4]', async () => {
    const file = join(folder, 'data', 'history');
    const history = createHistory(file, silentLog);
    const newestFirst = Array.from({ length: 600 }, (_, n) => `line ${600 - n}`);

    history.save(newestFirst);
    await history.saved();

    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect([lines.length, lines[0], lines.at(-1)]).to.deep.equal([500, 'line 101', 'line 600']);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await history.load()).to.deep.equal(newestFirst.slice(0, 500));
  });

  it('narrows the rights of a file that others could read', async () => {
    const file = join(folder, 'history');
    await writeFile(file, 'old\n', { mode: 0o644 });
    const history = createHistory(file, silentLog);

    history.save(['new']);
    await history.saved();

    expect((await stat(file)).mode & 0o777).to.equal(0o600);
  });

  it('keeps no approval token [A5, C4]', async () => {
    const token = newApprovalToken();
    const file = join(folder, 'history');
    const house = await startTerminal({ tty: true, historyFile: file });

    house.type(`approve token:${token}`);
    house.type('/quit');
    await house.terminal.left;

    const text = await readFile(file, 'utf8');
    expect(house.turns[0]?.text).to.contain(token);
    expect(text).to.contain('approve token:').and.not.contain(token);
    await house.close();
  });

  it('offers the lines of the last session with the arrow key [C4]', async () => {
    const file = join(folder, 'history');
    await writeFile(file, 'first\nlist ec2 instances\n');
    const house = await startTerminal({ tty: true, historyFile: file });

    house.keys('\u001b[A\r');
    house.type('/quit');
    await house.terminal.left;

    expect(house.turns.map(({ text }) => text)).to.deep.equal(['list ec2 instances']);
    await house.close();
  });

  it('goes on when the file cannot be written, and says so in the log', async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_facts, message) => void warnings.push(message) };
    await writeFile(join(folder, 'blocked'), '');
    const history = createHistory(join(folder, 'blocked', 'history'), log);

    history.save(['one']);
    await history.saved();

    expect(await history.load()).to.deep.equal([]);
    expect(warnings).to.deep.equal(['history not written']);
  });
});
