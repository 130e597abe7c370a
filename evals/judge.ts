import { isDeepStrictEqual } from 'node:util';
import type { Understanding } from '../bot/understand/understanding.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Tool } from '../tools/tool.ts';
import type { Expected, Sentence } from './sentence.ts';

/** `wrong-write`: a change was called where none, another one or another input was expected. */
export type Verdict = 'right' | 'wrong-tool' | 'wrong-argument' | 'wrong-write' | 'wrong-end';

export interface Judged {
  sentence: Sentence;
  got: Understanding;
  verdict: Verdict;
}

export function judge(sentence: Sentence, got: Understanding, catalog: readonly Tool[]): Judged {
  return { sentence, got, verdict: verdictOf(sentence.expected, got, catalog) };
}

function verdictOf(expected: Expected, got: Understanding, catalog: readonly Tool[]): Verdict {
  if (got.kind === 'call') return verdictOfCall(expected, got.tool, got.input, catalog);
  if (got.kind === 'decide') return 'decide' in expected && expected.decide === got.verdict ? 'right' : 'wrong-write';
  return isExpectedEnd(expected, got) ? 'right' : 'wrong-end';
}

function verdictOfCall(expected: Expected, name: string, input: JsonObject, catalog: readonly Tool[]): Verdict {
  const tool = catalog.find((one) => one.name === name);
  const changes = tool?.effect !== 'read';
  if (!('tool' in expected) || expected.tool !== name) return changes ? 'wrong-write' : 'wrong-tool';
  const [one, other] = [tool?.input.safeParse(expected.input), tool?.input.safeParse(input)];
  const same = one?.success === true && other?.success === true && isDeepStrictEqual(one.data, other.data);
  if (same) return 'right';
  return changes ? 'wrong-write' : 'wrong-argument';
}

function isExpectedEnd(expected: Expected, got: Understanding): boolean {
  if ('quiet' in expected) return got.kind === 'ask' || got.kind === 'menu';
  if ('ask' in expected) return got.kind === 'ask' && got.missing === expected.ask;
  if ('menu' in expected) return got.kind === 'menu' && got.why === expected.menu;
  if ('help' in expected) return got.kind === 'help' && (got.topic ?? null) === expected.help;
  if ('usage' in expected) return got.kind === 'usage';
  return 'approvals' in expected && got.kind === 'approvals';
}
