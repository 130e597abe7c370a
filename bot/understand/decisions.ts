import { doubtInReason } from './guards.ts';
import type { Understanding } from './understanding.ts';

const WHO = /^(token:approve-[A-Za-z0-9_-]{16,128}|chg-[0-9a-f]{12})$/;
const VERBS = { approve: 'approve', reject: 'reject', cancel: 'cancel' } as const;

type Decide = Extract<Understanding, { kind: 'decide' }>;

/**
 * The whole message is a decision in one of its exact forms, or it is none:
 * `approve token:approve-…`, `reject chg-0123456789ab because …`, `reject chg-… reason="…"`, `cancel chg-…`;
 * approve and cancel take a reason the same way.
 */
export function readDecision(message: string): Decide | undefined {
  const [first = '', target = ''] = message.split(/\s+/, 2);
  const verb = first.toLowerCase();
  const verdict = Object.hasOwn(VERBS, verb) ? VERBS[verb as keyof typeof VERBS] : undefined;
  if (verdict === undefined || !WHO.test(target)) return undefined;
  const rest = message.slice(message.indexOf(target, first.length) + target.length).trim();
  const by = target.startsWith('chg-') ? { approvalId: target } : { token: target.slice('token:'.length) };
  if (verdict === 'cancel' && 'token' in by) return undefined;
  if (rest === '') return { kind: 'decide', verdict, by };
  const reason = reasonIn(rest);
  return reason && (verdict === 'reject' || isPlainReason(reason))
    ? { kind: 'decide', verdict, by, reason }
    : undefined;
}

/** 'approve … because it is fine, but not yet' and '… because it is fine?' decide nothing. Ids in it may be the change's own. */
function isPlainReason(reason: string): boolean {
  return !reason.endsWith('?') && doubtInReason(reason, reason.split(/[\s,;.]+/)) === undefined;
}

function reasonIn(rest: string): string | undefined {
  const lead = /^(?:because\s|reason\s?[:=])\s?/i.exec(rest);
  const reason = lead ? rest.slice(lead[0].length).trim() : '';
  const quoted = /^["“]([^"“”]+)["”]$/.exec(reason);
  return (quoted?.[1] ?? reason).trim() || undefined;
}
