import { safeModelText } from '../../bot/llm/model-text.ts';
import type { Turn } from '../../bot/turn.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { plainIssue } from '../../lib/plain-issue.ts';
import { redact } from '../../lib/redact.ts';
import type { Tool } from '../../tools/tool.ts';
import { OWN_TOOLS } from './own-tools.ts';
import { refused } from './told.ts';

/** What a call becomes: words or a typed call for a turn, or an answer at once; undefined for a name that no tool has. */
export type Asked =
  | Pick<Turn, 'text' | 'call'>
  | { wrong: ReturnType<typeof refused> }
  | { breaks: typeof NO_ADDRESSES }
  | undefined;

/** What whoever approves must know of a change that came this way; stands on its card. */
export const ASKED_BY_A_PROGRAM =
  'Asked through MCP, by a program in this person’s name: a model may have chosen it and written the reason.';

/** Names are compared exactly: `Reboot_EC2` is no tool (SAFETY C8). The input's own schema comes later, in the gate. */
export function askedBy(catalog: readonly Tool[], name: string, input: Record<string, unknown>): Asked {
  const own = OWN_TOOLS.find((tool) => tool.name === name);
  if (own) {
    const parsed = own.input.safeParse(input, { error: plainIssue });
    return parsed.success ? { text: own.command(parsed.data) } : invalid(parsed.error.issues);
  }
  const tool = catalog.find((one) => one.name === name);
  if (!tool) return undefined;
  if (tool.effect !== 'read' && Object.values(input).some(holdsMarkup)) return { breaks: NO_ADDRESSES };
  return { text: '', call: { tool: name, input, cautions: [ASKED_BY_A_PROGRAM] } };
}

/** A model's words stand before people who approve, or in a channel: they lead nowhere and call nobody (T8, C4). */
function holdsMarkup(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return safeModelText(value, value.length) !== redact(cleanText(value, value.length, { keepLines: true }));
}

const NO_ADDRESSES = {
  status: 'denied',
  rule: 'no-addresses-from-a-model',
  why: 'What a program asks for here may hold no link, mention, image or HTML: it stands before people as if its user had written it.',
  next: 'Leave them out. A person can add them in Teams, Slack or the console.',
} as const;

function invalid(issues: readonly { path: readonly PropertyKey[]; message: string }[]): Asked {
  const why = issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ');
  return { wrong: refused({ status: 'failed', why: `${cleanText(why, 300)}.`, next: 'Correct the arguments.' }) };
}
