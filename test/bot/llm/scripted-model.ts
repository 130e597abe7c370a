import type { Model, ModelReply, ModelRequest, Replied } from '../../../bot/llm/model.ts';
import { known } from '../../../tools/aws/simulated/known.ts';

const usage = { input: 1000, cacheRead: 0, cacheWrite: 0, output: 100 };

export interface ScriptedModel extends Model {
  /** As they were asked. */
  readonly requests: ModelRequest[];
}

type Step = ModelReply | Error | ((request: ModelRequest) => ModelReply | Error);

/** A model that says what the script says, step by step; the last step repeats. */
export function scriptedModel(...script: Step[]): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    name: 'scripted test-1',
    requests,
    async warm() {},
    async reply(request) {
      requests.push({ ...request, messages: structuredClone(request.messages) });
      const step = script[Math.min(requests.length, script.length) - 1];
      if (step === undefined) throw new Error('the script is empty');
      const said = typeof step === 'function' ? step(request) : step;
      if (said instanceof Error) throw said;
      return said;
    },
  };
}

export const words = (text: string, end: ModelReply['end'] = 'answer'): ModelReply => ({
  end,
  content: [{ kind: 'text', text }],
  usage,
});

let ids = 0;

/** One reply that calls tools. */
export function calls(...wanted: [tool: string, input: unknown][]): ModelReply {
  const content = wanted.map(([tool, input]): Replied => {
    ids += 1;
    return { kind: 'call', id: `call-${ids}`, tool, input };
  });
  return { end: 'calls', content, usage };
}

/** The results that the model was told in a request, in order. */
export function toldIn({ messages }: ModelRequest): { text: string; failed: boolean }[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') return [];
  return last.content.flatMap((block) => (block.kind === 'result' ? [{ text: block.text, failed: block.failed }] : []));
}

/** The ids of the kept reads that the model was told of. */
export function readIds(request: ModelRequest): string[] {
  return [...JSON.stringify(request.messages).matchAll(/read-[0-9a-f]{12}/g)].map(([id]) => id);
}

/** Six reads in two steps. */
export const reading = (): ModelReply[] => [
  calls(['list_alarms', {}], ['list_ecs_services', {}], ['list_ec2_instances', {}]),
  calls(
    ['get_ecs_service_status', { cluster: 'main', service: 'checkout' }],
    ['get_ec2_status', { instance_id: known.sickInstance }],
    ['search_cloudtrail_events', { time_window: '24h' }],
  ),
];

/** What is wrong with the simulated checkout, with two reads as evidence. */
export function reportWith([first = '', second = '']: string[]) {
  return {
    summary: 'checkout runs 2 of 4 tasks, too few for its load.',
    findings: [
      { text: 'checkout runs 2 of 4 tasks.', status: 'confirmed', confidence: 'high', evidence: [first, second] },
    ],
    alternatives: [{ text: 'web-2 is sick', why_not: 'it does not serve checkout' }],
    proposed: [
      {
        tool: 'scale_ecs_service',
        input: { cluster: 'main', service: 'checkout', desired_count: 6 },
        expected_effect: 'latency falls within minutes',
        undo: 'scale back to 4',
      },
    ],
  };
}

/** A model that can do one thing: find out why checkout is slow. */
export function investigator(): ScriptedModel {
  return scriptedModel(...reading(), (request) =>
    calls(['report_findings', reportWith([...new Set(readIds(request))])]),
  );
}
