import type { ToolCall } from '../approvals/call.ts';
import type { Understanding } from '../bot/understand/understanding.ts';
import type { Tool } from '../tools/tool.ts';
import { type Heard, isWithoutModel, offeredIn, toldIn } from './heard.ts';
import { type Ground, hasFields } from './same-input.ts';
import type { Named, Scenario, Step } from './scenario.ts';

/**
 * What a scenario can fail in: a tool was not used, or not with that input; a change was proposed or offered that was not to be;
 * a herring was blamed; what had to be said was not; the model was away.
 */
export const FAULTS = ['tool', 'argument', 'wrong-write', 'blamed', 'unsaid', 'away'] as const;
export type Fault = (typeof FAULTS)[number];

/** What a scenario is judged by. */
export interface Bench {
  tools: ReadonlyMap<string, Tool>;
  understand: (text: string, context: { now: number }) => Understanding;
  ground: Ground;
}

/** The faults of a scenario, each once, in the order of FAULTS; none: it is right. `heard` has one entry for each step. */
export function judgeScenario({ steps, neverProposes }: Scenario, heard: readonly Heard[], bench: Bench): Fault[] {
  const found = new Set<Fault>();
  let asked: readonly ToolCall[] = [];
  for (const [place, step] of steps.entries()) {
    const here = heard[place];
    if (!here || isWithoutModel(here)) return ['away'];
    asked = [...asked, ...here.asked];
    for (const fault of faultsOf(step, here, { asked, neverProposes, bench })) found.add(fault);
  }
  return FAULTS.filter((fault) => found.has(fault));
}

interface Around {
  /** In this step and those before it. */
  asked: readonly ToolCall[];
  neverProposes: readonly Named[];
  bench: Bench;
}

function faultsOf(step: Step, heard: Heard, { asked, neverProposes, bench }: Around): Fault[] {
  const { tools, ground } = bench;
  const is = (call: ToolCall) => (named: Named) =>
    call.tool === named.tool && hasFields(named.input, call.input, ground);
  const changes = heard.asked.filter(({ tool }) => tools.get(tool)?.effect !== 'read');
  const { reads = [], proposes, names = [], innocent = [] } = step;
  const missing = reads.filter((read) => !asked.some((call) => is(call)(read)));
  const { claimed, all } = toldIn(heard.shown);
  const faults: [Fault, boolean][] = [
    ['tool', missing.some(({ tool }) => !asked.some((call) => call.tool === tool))],
    ['tool', proposes !== undefined && !changes.some(({ tool }) => tool === proposes.tool)],
    ['argument', missing.some(({ tool }) => asked.some((call) => call.tool === tool))],
    // A question before a post or an incident counts: nobody asked for either in any scenario.
    ['wrong-write', heard.end.outcome === 'menu'],
    ['wrong-write', changes.some((call) => proposes === undefined || !is(call)(proposes))],
    ['wrong-write', offeredCalls(heard, bench).some((call) => neverProposes.some(is(call)))],
    ['blamed', innocent.some((herring) => isBlamed(herring, all))],
    ['unsaid', names.some((name) => !name.test(claimed))],
  ];
  return faults.flatMap(([fault, is]) => (is ? [fault] : []));
}

/** What the buttons under findings would propose. */
function offeredCalls({ shown }: Heard, { understand, ground }: Bench): ToolCall[] {
  return offeredIn(shown).flatMap((text) => {
    const meant = understand(text, { now: ground.now });
    return meant.kind === 'call' ? [meant] : [];
  });
}

const SENTENCE_END = /[;\n]|[.!?](?=\s|$)/;
const CLEARS =
  /\b(unrelated|irrelevant|independent|separate(ly)?|normal|usual(ly)?|expected|harmless|noise|noisy|coinciden\w+|ruled out|unlikely|nothing to do|no (link|connection|relation)|not (the|a) (root )?cause|not (related|caused|connected|involved|responsible|explain\w*)|does(n['’]t| not) explain)\b/i;

/** By sentence: 'ci-runner-1 is busy, as usual' clears it; naming it and no more holds it up as part of the trouble. */
export function isBlamed(herring: RegExp, told: string): boolean {
  return told.split(SENTENCE_END).some((sentence) => herring.test(sentence) && !CLEARS.test(sentence));
}
