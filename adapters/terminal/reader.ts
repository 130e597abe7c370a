import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Log } from '../../lib/log.ts';
import { createHistory, historyLength } from './history.ts';
import type { Output, Screen } from './screen.ts';

/** Lines from a person or a pipe. */
export interface Reader {
  /** Shows the prompt and what is typed so far; nothing in a pipe or while a line is being answered. */
  prompt(): void;
  close(): void;
  /** Resolves when no more lines come and the last one is answered. */
  readonly ended: Promise<void>;
}

interface Options {
  input: Readable & { isTTY?: boolean };
  output: Output;
  historyFile: string;
  log: Log;
}

const welcome = 'Say what you need, for example: list ec2 instances. /help lists the commands of this terminal.';

/** Takes lines one after the other, however fast they come in. */
export async function createReader(
  { input, output, historyFile, log }: Options,
  screen: Screen,
  promptText: () => string,
  take: (line: string) => Promise<void>,
): Promise<Reader> {
  const interactive = input.isTTY === true && screen.tty;
  const history = createHistory(historyFile, log);
  const lines = interactive
    ? createInterface({ input, output, terminal: true, history: await history.load(), historySize: historyLength })
    : createInterface({ input, terminal: false });
  const ended = Promise.withResolvers<void>();
  let answers = Promise.resolve();
  let open = true;
  let owed = 0;

  function prompt(): void {
    if (!interactive || !open || owed > 0) return;
    lines.setPrompt(promptText());
    lines.prompt(true);
    screen.prompted();
  }

  lines.on('line', (line) => {
    owed += 1;
    screen.entered();
    answers = answers
      .then(() => take(line))
      .finally(() => {
        owed -= 1;
        prompt();
      });
  });
  lines.on('close', () => {
    open = false;
    if (interactive) screen.print('');
    answers.then(() => history.saved()).then(ended.resolve, ended.reject);
  });
  if (interactive) {
    lines.on('history', (typed) => history.save(typed));
    leaveOnSecondInterrupt(lines, screen, prompt);
    screen.print(welcome);
    prompt();
  }
  return { prompt, close: () => lines.close(), ended: ended.promise };
}

/** Ctrl+C empties the line; on an empty line it says so, and the next one leaves. */
function leaveOnSecondInterrupt(lines: Interface, screen: Screen, prompt: () => void): void {
  let warned = false;
  lines.on('line', () => {
    warned = false;
  });
  lines.on('SIGINT', () => {
    if (warned && lines.line === '') {
      lines.close();
      return;
    }
    warned = true;
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    screen.print('Press Ctrl+C again to leave.');
    prompt();
  });
}
