import type { TurnResult } from '../../bot/turn.ts';
import { summaryLine } from '../../cards/summary.ts';
import type { ApprovalView, Cell, FailureView, Mode, RefusalView, View } from '../../cards/view.ts';
import { verdictWords } from '../../cards/wording.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { ErrorCode } from '../../lib/errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import { utc } from '../../lib/utc.ts';
import { ok, type Reply } from '../http/reply.ts';
import { approvalFields, isWell } from './approval-fields.ts';
import type { Asked } from './asked.ts';
import { fitting, fittingText } from './details.ts';
import { wrongCall } from './problem.ts';

/** `text`: details as one text, for callers that cannot have objects in their documents. */
export interface Form {
  details: 'object' | 'text';
  mode: Mode;
}

/** What became of the turn, as a caller reads it. Everything that a person must read is a 200 with a status (Q4). */
export function answerOf(asked: Asked, result: TurnResult, form: Form): Reply {
  const { view, correlationId } = result;
  if (!view) return withoutView(result, form);
  const fault = view.kind === 'failure' ? faultOf(asked, view, correlationId) : undefined;
  if (fault) return fault;
  const details = form.details === 'text' ? fittingText(result.text) : detailsOf(view, result);
  const named = result.approvalId === undefined ? {} : { approval_id: result.approvalId };
  const change = view.kind === 'approval' ? approvalFields(view, result.approvalToken) : named;
  const { status, success } = standingOf(view, asked.kind);
  return ok({
    ...{ success, status, summary: summaryOf(view), details },
    ...change,
    ...{ execution_mode: form.mode, correlation_id: correlationId },
  });
}

/** Heard before, or OpsAgent is going down: nothing was done for this call. */
function withoutView({ outcome, correlationId, text }: TurnResult, { details, mode }: Form): Reply {
  if (outcome === 'failed') {
    const stopping = wrongCall(503, 'internal', text, 'Send the same again in a few seconds.', correlationId);
    return { ...stopping, headers: { ...stopping.headers, 'retry-after': '5' } };
  }
  const next = 'Nothing was done a second time. Send another Idempotency-Key if it is another request.';
  return ok({
    ...{ success: false, status: 'duplicate', summary: `${text} ${next}` },
    ...{ details: details === 'text' ? next : { next }, execution_mode: mode, correlation_id: correlationId },
  });
}

/** Faults of the house by code. AWS that says no or is away is not one: that is an answer for the person who asked. */
const BROKEN: Partial<Record<ErrorCode, number>> = {
  store_unavailable: 503,
  audit_unavailable: 503,
  policy_unavailable: 503,
  store_corrupt: 500,
  write_without_permit: 500,
  config_invalid: 500,
  internal: 500,
};

function faultOf({ mend }: Asked, { code, message, hint }: FailureView, correlationId: string): Reply | undefined {
  const known = code as ErrorCode;
  if (mend !== undefined && known === 'input_invalid') return wrongCall(400, known, message, mend, correlationId);
  const status = BROKEN[known];
  return status === undefined ? undefined : wrongCall(status, known, message, hint, correlationId);
}

interface Standing {
  status: string;
  success: boolean;
}

function standingOf(view: View, kind: Asked['kind']): Standing {
  switch (view.kind) {
    case 'approval':
      return {
        status: view.state === 'approved' ? 'executing' : view.state,
        success: kind === 'status' || isWell(view),
      };
    case 'refusal':
      return { status: OF_RULE[view.rule] ?? 'denied', success: false };
    case 'failure':
      return { status: /not_found$/.test(view.code) ? 'not_found' : 'failed', success: false };
    case 'question':
      return { status: 'question', success: false };
    case 'menu':
      return { status: 'not_understood', success: false };
    default:
      return { status: 'done', success: true };
  }
}

const OF_RULE: Readonly<Record<string, string>> = {
  expired: 'expired',
  'already-decided': 'already_decided',
  'known-approval': 'not_found',
  'fresh-sign-in': 'sign_in_required',
};

const LONGEST_SUMMARY = 600;

/** One line that says the thing itself: a chart's figures, not only its title. */
function summaryOf(view: View): string {
  if (view.kind !== 'facts' && view.kind !== 'chart') return summaryLine(view, LONGEST_SUMMARY);
  const facts = view.fields.map(({ label, value }) => `${label}: ${textOf(value)}`);
  return cleanText([view.title, ...facts].join('. '), LONGEST_SUMMARY);
}

function textOf(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return 'at' in cell ? utc(cell.at) : cell.text;
}

function detailsOf(view: View, { output, text }: TurnResult): JsonObject {
  if (output) return fitting(output as JsonObject);
  switch (view.kind) {
    case 'approval':
      return changeOf(view);
    case 'refusal':
      return refusalOf(view);
    case 'failure':
      return { code: view.code, message: view.message, hint: view.hint, ...factsOf(view) };
    default:
      return { text: fittingText(text) };
  }
}

/** With the address that `next` speaks of, where there is one: of the console, for a sign-in. */
function refusalOf({ rule, because, whoMay, next, actions = [] }: RefusalView): JsonObject {
  const link = actions.find(({ kind }) => kind === 'link');
  return {
    ...{ rule, because, next },
    ...(whoMay && { who_may: whoMay }),
    ...(link?.kind === 'link' && { console_url: link.url }),
  };
}

/** What AWS said, its request id among it. */
function factsOf({ fields }: FailureView): JsonObject {
  return Object.fromEntries(fields.map(({ label, value }) => [label.replaceAll(' ', '_'), textOf(value)]));
}

function changeOf(view: ApprovalView): JsonObject {
  const { state, action, target, requester, reason, mayApprove, quorum, votes, digestPrefix, source } = view;
  const decided = votes.map(({ person, verdict, reason: why }) => {
    const because = why ? `, because ${why}` : '';
    return `${verdictWords[verdict].done} by ${person}${because}`;
  });
  return {
    ...{ action, target, requester, ...(reason && { reason }) },
    ...(state === 'pending' && { may_approve: mayApprove }),
    approvals_needed: quorum,
    approvals: votes.filter(({ verdict }) => verdict === 'approve').length,
    ...(decided.length > 0 && { decided: decided.join('; ') }),
    ...(source && { account: source.account, region: source.region }),
    plan_digest: digestPrefix,
  };
}
