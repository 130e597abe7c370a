import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createTerminal, type Terminal, type TerminalOptions } from '../../../adapters/terminal/terminal.ts';
import type { OnTurn } from '../../../bot/channel.ts';
import type { Turn, TurnResult } from '../../../bot/turn.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { noLobby } from '../no-lobby.ts';

export const answered: TurnResult = { outcome: 'answer', correlationId: 'c-1', text: 'done' };

export interface TerminalHarness {
  terminal: Terminal;
  turns: Turn[];
  historyFile: string;
  /** Types one line and Enter. */
  type(line: string): void;
  /** Sends keys as they are: '\u0003' is Ctrl+C. */
  keys(keys: string): void;
  /** End of the input, as Ctrl+D or the end of a pipe. */
  end(): void;
  /** Everything that was printed. */
  printed(): string;
  /** Resolves when `text` has been printed. */
  prints(text: string): Promise<void>;
  close(): Promise<void>;
}

interface Settings extends Partial<Pick<TerminalOptions, 'mode' | 'color' | 'people' | 'person' | 'historyFile'>> {
  /** A terminal with keys and a cursor, or a pipe. */
  tty?: boolean;
  columns?: number;
  onTurn?: (turn: Turn, terminal: Terminal, heard?: () => void) => Promise<TurnResult>;
}

const people = [
  { id: 'alice@example.com', name: 'Alice Archer' },
  { id: 'bob@example.com', name: 'Bob Baker' },
  { id: 'bob@example.org', name: 'Robert Brown' },
  { id: 'carol@example.com', name: 'Carol Cole' },
  { id: 'dave@example.com', name: 'Dave Dunn' },
];

/** The terminal adapter between two streams. */
export async function startTerminal({
  tty = false,
  columns = 80,
  onTurn,
  ...settings
}: Settings = {}): Promise<TerminalHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'opsagent-terminal-'));
  const input = Object.assign(new PassThrough(), { isTTY: tty });
  const output = Object.assign(new PassThrough(), { isTTY: tty, columns, hasColors: () => tty });
  const historyFile = settings.historyFile ?? join(folder, 'data', 'history');
  let printed = '';
  const waiting = new Map<string, () => void>();
  output.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
    for (const [text, resolve] of waiting) if (printed.includes(text)) resolve();
  });
  const terminal = createTerminal({
    name: 'terminal-test',
    input,
    output,
    color: false,
    mode: 'LOCAL_MOCK',
    person: { id: 'alice@example.com', name: 'Alice Archer' },
    people: () => people,
    clock: systemClock,
    log: silentLog,
    ...settings,
    historyFile,
  });
  const turns: Turn[] = [];
  const answer: OnTurn = async (turn, heard) => {
    turns.push(turn);
    return onTurn ? onTurn(turn, terminal, heard) : answered;
  };
  await terminal.start(answer, noLobby);
  return {
    terminal,
    turns,
    historyFile,
    type: (line) => void input.write(`${line}\n`),
    keys: (keys) => void input.write(keys),
    end: () => void input.end(),
    printed: () => printed,
    prints: (text) => new Promise((resolve) => (printed.includes(text) ? resolve() : waiting.set(text, resolve))),
    async close() {
      await terminal.stop();
      await rm(folder, { recursive: true });
    },
  };
}
