import { afterLeadIn } from '../understand/lead-in.ts';

const ASKS =
  /^(?:investigate|diagnose|troubleshoot|why\b|root cause|find out (?:why|what)|what(?:'s| is) wrong|what happened)/i;

/** 'investigate …', 'why is web slow?': several reads that lead to findings, instead of one answer (L7). */
export function isInvestigation(text: string): boolean {
  return ASKS.test(afterLeadIn(text).rest.trim());
}
