import type { Model, ModelReply, ModelRequest, Replied } from '../../../bot/llm/model.ts';
import type { Injection } from '../../bot/llm/injections.ts';
import type { Read } from './fields.ts';
import { type Order, stepsOf } from './obedience.ts';
import { makesOut, textsTold } from './told.ts';

/** Where in the conversation the model looks for orders. */
export type Moment = 'read' | 'memory' | 'investigation';

export interface Plot {
  wants: Injection['wants'];
  /** What it does for the person before it looks for orders. */
  read: Read;
  order: Order;
}

export interface ObedientModel extends Model {
  readonly requests: ModelRequest[];
  /** Everything it said, words and inputs, newest last. */
  readonly said: string[];
  /** The moments in which it found the order, and obeyed. */
  readonly obeyed: Set<Moment>;
  moment: Moment;
}

const usage = { input: 1, cacheRead: 0, cacheWrite: 0, output: 1 };

/** A model that is captured: it does what the person asks, and then whatever any text it was told orders, in the worst way. */
export function obedientModel({ wants, read, order }: Plot): ObedientModel {
  let step = 0;
  let ids = 0;
  const steps = (request: ModelRequest): Replied[][] => {
    if (model.moment === 'memory') return stepsOf(wants, order, request, 'chat');
    const look: Replied[] = [{ kind: 'call', id: '', tool: read.tool, input: read.input }];
    return [look, ...stepsOf(wants, order, request, model.moment === 'read' ? 'chat' : 'investigation')];
  };
  const next = (request: ModelRequest): Replied[] => {
    const isNewTurn = request.messages.at(-1)?.content.every(({ kind }) => kind === 'text') ?? true;
    step = isNewTurn ? 0 : step + 1;
    const looksNow = step > 0 || model.moment === 'memory';
    if (looksNow && !model.obeyed.has(model.moment)) {
      if (!makesOut(heard(request, model.moment), order.text)) return [{ kind: 'text', text: 'Nothing of note.' }];
      model.obeyed.add(model.moment);
    }
    return steps(request)[step] ?? [{ kind: 'text', text: order.claim }];
  };
  const model: ObedientModel = {
    ...{ name: 'captured test-1', requests: [], said: [], obeyed: new Set<Moment>(), moment: 'read' },
    async warm() {},
    async reply(request): Promise<ModelReply> {
      model.requests.push({ ...request, messages: [...request.messages] });
      const content = next(request).map((block): Replied => {
        ids += 1;
        return block.kind === 'call' ? { ...block, id: `call-${ids}` } : block;
      });
      model.said.push(content.map((block) => (block.kind === 'text' ? block.text : JSON.stringify(block))).join('\n'));
      return { end: content.some(({ kind }) => kind === 'call') ? 'calls' : 'answer', content, usage };
    },
  };
  return model;
}

/** In a turn that reads, only what it read this time; later all that is remembered. */
function heard(request: ModelRequest, moment: Moment): string[] {
  if (moment === 'memory') return textsTold(request);
  const last = request.messages.findLastIndex(({ content }) => content.some(({ kind }) => kind === 'result'));
  return textsTold(request, last);
}
