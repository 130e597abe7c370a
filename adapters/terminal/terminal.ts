import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Channel, OnTurn } from '../../bot/channel.ts';
import type { Turn } from '../../bot/turn.ts';
import type { Mode, View } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { readTyped } from './commands.ts';
import { shortName, type TerminalPerson } from './people.ts';
import { createReader, type Reader } from './reader.ts';
import { createScreen, type Output } from './screen.ts';

export interface TerminalOptions {
  /** Unique per process: 'terminal-4711-8c1f'. */
  name: string;
  input: Readable & { isTTY?: boolean };
  output: Output;
  /** False when the person asked for none (NO_COLOR). */
  color: boolean;
  mode: Mode;
  /** Who sits there at the start. */
  person: TerminalPerson;
  people(): readonly TerminalPerson[];
  /** Where typed lines are kept between sessions; only a terminal keeps them, a pipe does not. */
  historyFile: string;
  clock: Clock;
  log: Log;
}

export interface Terminal extends Channel {
  /** Resolves when the person left or the input ended, after the last answer. */
  readonly left: Promise<void>;
}

/** One screen is one conversation, whoever speaks on it. */
const conversation = 'terminal';
const longestText = 10_000;

/** `npm run chat`: lines in, text cards out. Works at a terminal and in a pipe. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { name, mode, people, log } = options;
  const screen = createScreen(options.output, options.color);
  const left = Promise.withResolvers<void>();
  const whispers = createWhispers();
  let person = options.person;
  let reader: Reader | undefined;

  /** Prints, then gives the person the line they were typing back. */
  function show(print: () => void): void {
    print();
    reader?.prompt();
  }

  function become(next: TerminalPerson): void {
    person = next;
    screen.print(`You are ${cleanText(person.name, 100)} now.`);
    for (const view of whispers.take(person.id)) screen.card(view);
  }

  async function say(text: string, onTurn: OnTurn): Promise<void> {
    const turn = toTurn(text, person, options);
    try {
      await onTurn(turn);
    } catch (thrown) {
      log.error({ err: thrown, turnId: turn.id }, 'turn failed');
      const { message, hint } = asOpsError(thrown);
      screen.print(cleanText(`That did not work: ${message}\n${hint}`, longestText, { keepLines: true }));
    }
  }

  async function take(line: string, onTurn: OnTurn): Promise<void> {
    const typed = readTyped(line, { mode, person, people: people() });
    if (typed.kind === 'quit') reader?.close();
    if (typed.kind === 'print') screen.print(cleanText(typed.text, longestText, { keepLines: true }));
    if (typed.kind === 'become') become(typed.person);
    if (typed.kind === 'say') await say(typed.text, onTurn);
  }

  return {
    name,
    left: left.promise,
    async start(onTurn) {
      const prompt = () => `${cleanText(shortName(person), 40)} ${mode}> `;
      reader = await createReader(options, screen, prompt, (line) => take(line, onTurn));
      reader.ended.then(left.resolve, left.reject);
    },
    async post(to, view) {
      show(() => screen.card(view));
      return { channel: name, conversation: to.id, message: randomUUID() };
    },
    async update(_message, view) {
      show(() => screen.changed(view));
    },
    async whisper(_to, userId, view) {
      if (userId === person.id) show(() => screen.card(view));
      else whispers.hold(userId, view);
    },
    progress: (_to, text) => screen.progress(text),
    async stop() {
      if (!reader) left.resolve();
      reader?.close();
      await left.promise;
    },
  };
}

function toTurn(text: string, person: TerminalPerson, { name, mode, clock }: TerminalOptions): Turn {
  return {
    id: `${name}:${randomUUID()}`,
    at: clock.now(),
    origin: 'message',
    speaker: { channel: name, userId: person.id, auth: mode === 'LOCAL_MOCK' ? 'local-switch' : 'shell' },
    conversation: { channel: name, id: conversation },
    text,
  };
}

/** What was whispered to a person who is not at the screen now, until they are. */
function createWhispers() {
  const held = new Map<string, View[]>();
  return {
    hold(personId: string, view: View): void {
      held.set(personId, [...(held.get(personId) ?? []), view].slice(-20));
    },
    take(personId: string): View[] {
      const views = held.get(personId) ?? [];
      held.delete(personId);
      return views;
    },
  };
}
