import type { JsonObject } from '../../lib/json.ts';

export type UnderstoodBy = 'grammar' | 'phrases' | 'model';

/** Shown as examples that work when pasted. */
export interface Suggestion {
  text: string;
  summary: string;
}

/** What a sentence was taken to mean. Anything but `call` and `decide` changes nothing. */
export type Understanding =
  /** `input` is not yet parsed by the tool's schema; every target in it stands literally in the text. */
  | { kind: 'call'; by: UnderstoodBy; tool: string; input: JsonObject }
  /** 'approve token:approve-…', 'reject chg-… because …', 'cancel chg-…'. */
  | {
      kind: 'decide';
      verdict: 'approve' | 'reject' | 'cancel';
      by: { token: string } | { approvalId: string };
      reason?: string;
    }
  /** One thing is missing or two are meant: ask, with what is known so far. */
  | {
      kind: 'ask';
      by: UnderstoodBy;
      tool: string;
      known: JsonObject;
      missing: string;
      question: string;
      choices: Suggestion[];
    }
  /** Pending approvals, mine and those I may decide (G15). */
  | { kind: 'approvals' }
  /** One change, by its id. */
  | { kind: 'show'; approvalId: string }
  /** The same, by the token of its proposal. */
  | { kind: 'show_by_token'; token: string }
  /** All that is recorded about one change. */
  | { kind: 'details'; approvalId: string }
  /** What one read of an investigation gave, by its id. */
  | { kind: 'show_read'; readId: string }
  /** The kill switch: nothing is approved or executed until changes are resumed. */
  | { kind: 'pause'; reason?: string }
  | { kind: 'resume' }
  /** What the model was used for and what it cost. */
  | { kind: 'usage' }
  | { kind: 'help'; topic?: string }
  /** `why` says what stopped it: 'negation', 'hypothetical', 'unknown', 'empty', 'too_long', 'ambiguous'. */
  | { kind: 'menu'; why: MenuReason; nearest: Suggestion[] };

export type MenuReason = 'empty' | 'too_long' | 'unknown' | 'negation' | 'hypothetical' | 'ambiguous' | 'greeting';

/** A question this conversation was asked and has not answered yet. */
export interface OpenQuestion {
  tool: string;
  known: JsonObject;
  missing: string;
}
