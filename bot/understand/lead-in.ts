const NAMES = new Set(['/ops', 'ops', 'opsagent', '@opsagent', '/opsagent', '@ops']);
const FILLERS = [
  'please',
  'pls',
  'plz',
  'hey',
  'hi',
  'hello',
  'yo',
  'ok',
  'okay',
  'so',
  'now',
  'kindly',
  'quickly',
  'just',
  'urgent',
  'asap',
  'good morning',
  'good evening',
  'could you',
  'can you',
  'would you',
  'will you',
  'can u',
  'could u',
  'would you mind to',
  'i want you to',
  'need you to',
  'i need u to',
  'we need you to',
  'i need you to',
  'i want to',
  'i need to',
  "i'd like you to",
  "i'd like to",
  'i would like you to',
  'i would like to',
  'we need to',
  "let's",
  'lets',
  'go ahead and',
  'help me',
  'tell me',
  'i need',
  'i want',
].map((filler) => filler.split(' '));
const POLITE = new Set(['could', 'can', 'would', 'will']);

/** The message without '/ops' or '@opsagent'. */
export function afterName(message: string): string {
  const [first = ''] = message.trimStart().slice(0, 60).split(/\s+/, 1);
  return NAMES.has(bare(first)) ? message.trimStart().slice(first.length).trim() : message.trim();
}

/** The message after '/ops', '@opsagent', 'hey', 'could you please' and the like. */
export interface Lead {
  rest: string;
  /** 'could you …?' asks for the thing; '…?' alone asks about it. */
  polite: boolean;
}

export function afterLeadIn(message: string): Lead {
  let rest = message.trim();
  let polite = false;
  for (let round = 0; round < 12; round++) {
    const words = rest.slice(0, 120).split(/\s+/, 6).map(bare);
    const count = leadLength(words);
    if (count === 0) break;
    polite ||= count > 1 && POLITE.has(words[0] ?? '');
    rest = dropWords(rest, count);
  }
  return { rest, polite };
}

function leadLength(words: readonly string[]): number {
  if (NAMES.has(words[0] ?? '')) return 1;
  const found = FILLERS.filter((filler) => filler.every((word, index) => words[index] === word));
  return Math.max(0, ...found.map((filler) => filler.length));
}

function bare(word: string): string {
  return word
    .toLowerCase()
    .replace(/’/g, "'")
    .replace(/[,:!.]{1,3}$/, '');
}

function dropWords(text: string, count: number): string {
  let rest = text;
  for (let dropped = 0; dropped < count; dropped++) rest = rest.replace(/^\S+\s*/, '');
  return rest;
}
