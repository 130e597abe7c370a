import type { Caller, DecisionCall, GateOutcome } from '../../../approvals/call.ts';
import type { Gate } from '../../../approvals/gate.ts';
import type { Verdict } from '../../../cards/view.ts';
import type { JsonObject } from '../../../lib/json.ts';
import type { Random } from '../../adapters/slack/seeded.ts';
import { CALLS, caller } from '../../approvals/house.ts';

/** How a decision comes in: typed with the id, pressed on a card, typed with the token. */
export const SHAPES = ['text', 'press', 'token'] as const;
export type Shape = (typeof SHAPES)[number];

/** One request of a person, to be delivered as often as a platform likes: the same bytes, the same turn. */
export interface Request {
  name: string;
  deliver(gate: Gate): Promise<GateOutcome>;
}

export interface Story {
  call: { tool: string; input: JsonObject };
  shape: Shape;
  /** Who says what, in this order, until the change is decided. */
  says: readonly { who: string; verdict: Verdict }[];
}

const YES = 'approve' as const;
const STORIES: readonly Pick<Story, 'call' | 'says'>[] = [
  { call: CALLS.low, says: [{ who: 'carol', verdict: YES }] },
  { call: CALLS.low, says: [{ who: 'alice', verdict: 'cancel' }] },
  { call: CALLS.medium, says: [{ who: 'dave', verdict: YES }] },
  { call: CALLS.medium, says: [{ who: 'bob', verdict: 'reject' }] },
  {
    call: CALLS.high,
    says: [
      { who: 'dave', verdict: YES },
      { who: 'erin', verdict: YES },
    ],
  },
  {
    call: CALLS.high,
    says: [
      { who: 'dave', verdict: YES },
      { who: 'bob', verdict: 'reject' },
    ],
  },
];

export const drawStory = (random: Random, shape: Shape): Story => ({ ...random.pick(STORIES), shape });

/** The request that asks for the change. Its replays count as long as it waits: later they ask anew. */
export function proposal({ call }: Story): Request {
  const who = caller('alice');
  return { name: 'propose', deliver: (gate) => gate.submit(call, again(who)) };
}

export function decision(
  { shape }: Story,
  { who, verdict }: Story['says'][number],
  change: { id: string; token: string; digest: string },
): Request {
  const person = caller(who);
  const call: DecisionCall = { verdict, by: POINTERS[shape](change), reason: verdict === 'reject' ? 'no' : undefined };
  return { name: `${verdict} by ${shape}`, deliver: (gate) => gate.decide(call, again(person)) };
}

const POINTERS: Readonly<Record<Shape, (change: { id: string; token: string; digest: string }) => DecisionCall['by']>> =
  {
    text: ({ id }) => ({ approvalId: id }),
    press: ({ id, digest }) => ({ approvalId: id, digest }),
    token: ({ token }) => ({ token }),
  };

/** The same turn, on a connection of its own. */
const again = (who: Caller): Caller => ({ ...who, signal: new AbortController().signal });
