import { expect } from 'chai';
import { createUnderstanding } from '../../bot/understand/understand.ts';
import type { Action, View } from '../../cards/view.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { catalog, toolByName } from '../../tools/catalog.ts';
import type { ToolContext } from '../../tools/tool.ts';
import { createBench, NOON, run } from './bench.ts';

const understand = createUnderstanding({ catalog });

/** What a text does without a model: reads run, changes are planned. */
async function say(text: string, context: ToolContext): Promise<View | undefined> {
  const meant = understand(text, { now: NOON });
  if (meant.kind !== 'call') throw new Error(`'${text}' is not understood: ${JSON.stringify(meant)}`);
  const tool = toolByName.get(meant.tool);
  if (tool === undefined) throw new Error(`there is no tool ${meant.tool}`);
  if (tool.effect !== 'write') return (await run(tool, meant.input, context)).view;
  const planned = await tool.plan(tool.input.parse(meant.input) as typeof meant.input, context);
  expect(planned.targets).to.have.length(1);
  return undefined;
}

const sayings = (actions: Action[] = []) => actions.flatMap((action) => (action.kind === 'say' ? [action.text] : []));

describe('what tools offer to say', () => {
  for (const tool of catalog) {
    for (const example of tool.examples) {
      it(`works when pasted into the simulated estate: ${example} [L4]`, async () => {
        const { context } = await createBench();
        await say('incident create "checkout answers 503" high', context);

        expect(understand(example, { now: NOON })).to.include({ kind: 'call', tool: tool.name });
        await say(example, context);
      });
    }
  }

  const starts = [
    `ec2 status ${known.sickInstance}`,
    'ec2 list',
    'ecs list',
    `ecs status ${known.sickService.cluster} ${known.sickService.service}`,
    'alarms',
    'alb list',
    `cloudtrail resource_name=${known.sickInstance}`,
    `metrics AWS/EC2 CPUUtilization ${known.sickInstance}`,
    'incident create "disk is full" low',
    'incident list',
  ];
  for (const start of starts) {
    it(`offers buttons that work after: ${start} [L4]`, async () => {
      const { context } = await createBench();
      await say('incident create "checkout answers 503" high', context);

      const view = await say(start, context);

      const offered = sayings(view?.actions);
      expect(offered).to.have.length.within(1, 4);
      for (const text of offered) await say(text, context);
    });
  }
});
