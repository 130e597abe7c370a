import type { Caller } from '../approvals/call.ts';
import type { Desk } from '../approvals/desk.ts';
import { redactView } from '../cards/redact-view.ts';
import { renderText } from '../cards/text/render.ts';
import type { View } from '../cards/view.ts';
import type { Answer } from './bot-parts.ts';
import type { Exchange } from './llm/conversation.ts';
import type { Conversation, Turn } from './turn.ts';

const WIDTH = 100;

/** What was said and shown in a turn: people's words, the model's own words, and cards as data. */
export function exchangeOf({ text, at }: Turn, { person }: Caller, { view, before = [] }: Answer): Exchange {
  const cards = [...before.map((one) => one.view), view].filter((one) => !isOwnWords(one) && !isGuide(one));
  const words = isOwnWords(view) ? view.body : undefined;
  return { ...{ at, by: person.name, said: text, replied: words }, shown: cards.map(asText) };
}

/**
 * A decision is news where the change was asked for, wherever it was made: what was decided, and why not (G7). One that did not
 * count is none. The change's own words may be AWS's, so they are data.
 */
export async function decisionOf(
  desk: Desk,
  { decided, approvalId }: Answer,
  { at }: Turn,
  { person }: Caller,
): Promise<{ where: Conversation; exchange: Exchange } | undefined> {
  if (!decided || approvalId === undefined) return undefined;
  const change = (await desk.approval(approvalId))?.value;
  const counted = change?.votes.some((vote) => vote.person === person.id && vote.verdict === decided.verdict);
  if (!change?.asked_in || !counted) return undefined;
  const said = [`${decided.verdict} ${approvalId}`, decided.reason].filter(Boolean).join(', because ');
  const shown = [{ source: `change ${approvalId}`, text: change.plan.action }];
  return { where: change.asked_in, exchange: { at, by: person.name, said, shown } };
}

/** Without secrets before it is wrapped into lines, where a secret that goes over two of them would not be recognised any more. */
function asText(card: View): Exchange['shown'][number] {
  const { title, ...rest } = redactView({ ...card, token: undefined });
  return { source: title, text: renderText({ ...rest, title } as View, { width: WIDTH, color: false }) };
}

/** What OpsAgent can do stands in the model's tools already; repeated in each call it would be most of what is sent. */
const isGuide = ({ kind }: View): boolean => kind === 'help' || kind === 'menu';

const isOwnWords = (view: View): view is Extract<View, { kind: 'message' }> =>
  view.kind === 'message' && view.aiWritten === true;
