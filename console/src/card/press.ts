import type { Pressed } from '../../../bot/turn.ts';

/** What a button of a card asks for. */
export type Press = { kind: 'say'; text: string } | { kind: 'decide'; decision: Pressed };

const verdicts: readonly string[] = ['approve', 'reject', 'cancel'] satisfies Pressed['verdict'][];
const isVerdict = (value: unknown): value is Pressed['verdict'] => verdicts.includes(String(value));

/** The data of an action, as the renderer hands it over with the inputs merged in; undefined when it is none of ours. */
export function readPress(data: unknown): Press | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { kind, text, verdict, approvalId, digest, reason }: Record<string, unknown> = { ...data };
  if (kind === 'say' && typeof text === 'string') return { kind, text };
  if (kind !== 'decide' || !isVerdict(verdict)) return undefined;
  if (typeof approvalId !== 'string' || typeof digest !== 'string') return undefined;
  const because = typeof reason === 'string' ? reason.trim() : '';
  return { kind, decision: { verdict, approvalId, digest, ...(because && { reason: because }) } };
}

/** Two presses with the same key ask for the same thing. */
export function pressKey(press: Press): string {
  return press.kind === 'say' ? `say ${press.text}` : `${press.decision.verdict} ${press.decision.approvalId}`;
}

/** A link of a card may open only a page. */
export function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//i.test(url);
}
