import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import { type Action, VERDICTS, type Verdict } from '../view.ts';
import { limits } from './limits.ts';

interface Decision {
  verdict: Verdict;
  approvalId: string;
  digest: string;
}

/** What a press of one of our buttons means. Everything but the ids is looked up in the store. */
export type Press =
  | ({ kind: 'decide' } & Decision)
  /** A reason is asked for first. */
  | ({ kind: 'ask' } & Decision)
  /** As if the person had typed it. */
  | { kind: 'say'; text: string }
  /** The browser went there already. */
  | { kind: 'link' };

const Id = z.string().min(1).max(100);
export const Ids = z.strictObject({ approvalId: Id, digest: Id });

const ActionId = z
  .string()
  .max(limits.actionId)
  .transform((text) => /^(?:(decide|ask):([a-z]+)(?::\d{1,2})?|(say|link):\d{1,3})$/.exec(text));
const Decided = z.enum(VERDICTS);
const Said = z
  .string()
  .max(limits.buttonValue)
  .refine((text) => text.trim() !== '');

/** What the button carries, exactly as it will be read back; `undefined` when Slack or we would not take it. */
export function pressValue(action: Exclude<Action, { kind: 'link' }>): string | undefined {
  if (action.kind === 'say') {
    // A command with characters nobody sees is not the one that stands on the button.
    const { text } = action;
    return cleanText(text, limits.buttonValue) === text ? Said.safeParse(text).data : undefined;
  }
  const ids = Ids.safeParse({ approvalId: action.approvalId, digest: action.digest });
  return ids.success ? JSON.stringify(ids.data) : undefined;
}

/** `undefined`: not a button of ours, or its value was tampered with. */
export function readPress(actionId: unknown, value: unknown): Press | undefined {
  const [, asked, verdict, plain] = ActionId.safeParse(actionId).data ?? [];
  if (plain === 'link') return { kind: 'link' };
  if (plain === 'say') {
    const text = Said.safeParse(value).data;
    return text === undefined ? undefined : { kind: 'say', text };
  }
  const decided = Decided.safeParse(verdict).data;
  const ids = Ids.safeParse(fromJson(value)).data;
  if (decided === undefined || ids === undefined) return undefined;
  return { kind: asked === 'ask' ? 'ask' : 'decide', verdict: decided, ...ids };
}

/** JSON that came back from Slack; `undefined` when it is none. */
export function fromJson(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > limits.privateMetadata) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
