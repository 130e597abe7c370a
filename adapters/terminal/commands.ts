import type { Mode } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { findPerson, type TerminalPerson } from './people.ts';

/** What a typed line means to the terminal itself. Everything else, `/ops …` included, is said to OpsAgent. */
export type Typed =
  | { kind: 'nothing' }
  | { kind: 'quit' }
  | { kind: 'print'; text: string }
  | { kind: 'become'; person: TerminalPerson }
  | { kind: 'say'; text: string };

interface Place {
  mode: Mode;
  person: TerminalPerson;
  people: readonly TerminalPerson[];
}

const help = `Commands of this terminal:
  /as bob   speak as another person (LOCAL_MOCK only)
  /who      who you are, and who else there is
  /help     this list
  /quit     leave; Ctrl+D does the same
Say help for what OpsAgent can do.`;

export function readTyped(line: string, place: Place): Typed {
  const text = line.trim();
  const [word = '', ...rest] = text.split(/\s+/);
  switch (word) {
    case '':
      return { kind: 'nothing' };
    case '/quit':
    case '/exit':
      return { kind: 'quit' };
    case '/help':
      return { kind: 'print', text: help };
    case '/who':
      return { kind: 'print', text: who(place) };
    case '/as':
      return become(rest.join(' '), place);
    default:
      return { kind: 'say', text };
  }
}

function who({ mode, person, people }: Place): string {
  const self = `You are ${person.name} <${person.id}>, ${mode}.`;
  if (mode !== 'LOCAL_MOCK') return self;
  return [self, ...people.map(({ id, name }) => `  ${name} <${id}>`)].join('\n');
}

function become(asked: string, { mode, person, people }: Place): Typed {
  if (mode !== 'LOCAL_MOCK') {
    return {
      kind: 'print',
      text: `Switching person works in LOCAL_MOCK only, because this is ${mode}. You stay ${person.name} <${person.id}>.`,
    };
  }
  const found = findPerson(people, asked);
  const [only] = found;
  if (only && found.length === 1) return { kind: 'become', person: only };
  const known = (found.length > 1 ? found : people).map(({ id }) => id).join(', ');
  const why = found.length > 1 ? 'means several people' : 'is nobody OpsAgent knows';
  if (asked === '') return { kind: 'print', text: `Say who: /as <name or e-mail>. Known: ${known}.` };
  return { kind: 'print', text: `"${cleanText(asked, 60)}" ${why}. Try /as with one of: ${known}.` };
}
