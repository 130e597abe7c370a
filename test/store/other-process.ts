import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('other-process-program.ts', import.meta.url));

export interface OtherProcess {
  child: ChildProcess;
  /** What it has said so far, line by line. */
  lines: string[];
  /** Resolves when it has said this many lines or has ended. */
  said(count: number): Promise<void>;
  /** Resolves with all it said, when it has ended. */
  ended: Promise<string[]>;
}

/** Starts a process of its own on a store file, or on a store named by its URI: races and crashes are not proven inside one process. */
export function otherProcess(
  verb: string,
  path: string,
  options: { uid?: number; mostBytes?: number } = {},
): OtherProcess {
  const command = [process.execPath, program, verb, path];
  const [file = '', ...args] =
    options.mostBytes === undefined
      ? command
      : ['/bin/sh', '-c', `ulimit -f ${options.mostBytes / 512}; exec "$@"`, 'sh', ...command];
  const child = spawn(file, args, { uid: options.uid, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = new Promise<string[]>((resolve) => reader.on('close', () => resolve(lines)));

  return {
    child,
    lines,
    ended,
    async said(count) {
      const enough = new Promise<void>((resolve) => {
        const look = () => {
          if (lines.length >= count) resolve();
        };
        reader.on('line', look);
        look();
      });
      await Promise.race([enough, ended]);
    },
  };
}
