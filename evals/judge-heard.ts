import type { ToolCall } from '../approvals/call.ts';
import type { Tool } from '../tools/tool.ts';
import { alsoRight } from './also-right.ts';
import { type Heard, isWithoutModel } from './heard.ts';
import type { Verdict } from './judge.ts';
import { compareInputs, type Ground, type Likeness } from './same-input.ts';
import type { Sentence } from './sentence.ts';

/** `away`: the model did not answer, so there is nothing to judge. */
export type HeardVerdict = Verdict | 'away';

/**
 * What a sentence came to with a model, by what the gate was asked for. Further reads are its own affair; a change is right only
 * when it is the one that was asked for. Where nothing was to be called, any answer without a change is right.
 */
export function judgeHeard(
  sentence: Sentence,
  heard: Heard,
  tools: ReadonlyMap<string, Tool>,
  ground: Ground,
): HeardVerdict {
  if (isWithoutModel(heard)) return 'away';
  const wanted = wantedBy(sentence);
  const likeness = (call: ToolCall) => likenessTo(wanted, call, tools, ground);
  const changes = heard.asked.filter(({ tool }) => tools.get(tool)?.effect !== 'read').map(likeness);
  if (changes.includes('other')) return 'wrong-write';
  if (changes.includes('reworded')) return 'wrong-argument';
  // It wanted to post or to open an incident, and a person is asked first.
  if (heard.end.outcome === 'menu') return 'wrong-end';
  if (!('tool' in sentence.expected)) return 'right';
  if (heard.asked.some((call) => likeness(call) === 'same')) return 'right';
  const { tool } = sentence.expected;
  if (heard.asked.some((call) => call.tool === tool)) return 'wrong-argument';
  return heard.asked.length > 0 ? 'wrong-tool' : 'wrong-end';
}

function wantedBy({ text, expected }: Sentence): ToolCall[] {
  return [...('tool' in expected ? [expected] : []), ...(alsoRight.get(text) ?? [])];
}

function likenessTo(
  wanted: readonly ToolCall[],
  { tool: name, input }: ToolCall,
  tools: ReadonlyMap<string, Tool>,
  ground: Ground,
): Likeness {
  const tool = tools.get(name);
  if (!tool) return 'other';
  const all = wanted.filter((one) => one.tool === name).map((one) => compareInputs(tool, one.input, input, ground));
  if (all.includes('same')) return 'same';
  return all.includes('reworded') ? 'reworded' : 'other';
}
