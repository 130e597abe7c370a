import { afterLeadIn } from '../understand/lead-in.ts';

const ASKS =
  /^(?:investigate|diagnose|troubleshoot|root cause|find out (?:why|what)|what(?:'?s| is) wrong|what happened|why)\b|\bwhy\s*[?.!]*$/i;
/** About OpsAgent, or about one change: answered in words. */
const ABOUT_US = /^why\s+(?:\w+(?:n't)?\s+)?(?:you|we|i)\b|\bchg-/i;
/** Longer than any question; a pasted log is not one. */
const LONGEST = 2_000;

/** 'investigate …', 'why is web slow?', 'web is slow, why?': several reads that lead to findings, instead of one answer (L7). */
export function isInvestigation(text: string): boolean {
  const asked = afterLeadIn(text.slice(0, LONGEST).replaceAll('’', "'")).rest.trim();
  return ASKS.test(asked) && !ABOUT_US.test(asked);
}
