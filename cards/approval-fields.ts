import type { ApprovalView, Field } from './view.ts';
import { accountWords, modeWords, riskStatus } from './wording.ts';

export interface ApprovalFields {
  /** What will be touched, and where. */
  where: Field[];
  /** Why to think twice, and what it costs. */
  weight: Field[];
  /** Who asks, why, until when, and who may answer. */
  decision: Field[];
  /** What the approval is bound to. */
  seal: Field[];
}

/** Everything a proposal must show beside its action and its before → after (G6), in reading order, the same in every dialect. */
export function approvalFields(view: ApprovalView): ApprovalFields {
  return { where: where(view), weight: weight(view), decision: decision(view), seal: seal(view) };
}

function where({ target, source }: ApprovalView): Field[] {
  const fields: Field[] = [{ label: 'Target', value: target }];
  if (source) {
    fields.push(
      { label: 'Account', value: accountWords(source) },
      { label: 'Region', value: source.region },
      { label: 'Mode', value: modeWords[source.mode] },
    );
  }
  return fields;
}

function weight({ risk, riskReasons, impact }: ApprovalView): Field[] {
  const because = riskReasons.length > 0 ? `: ${riskReasons.join('; ')}` : '';
  return [
    { label: 'Risk', value: { text: `${risk}${because}`, status: riskStatus[risk] } },
    { label: 'Downtime', value: impact.downtime },
    {
      label: 'Affects',
      value: impact.affected.length > 0 ? impact.affected.join(', ') : 'nothing else is known to be affected',
    },
    { label: 'Recovery', value: impact.recovery },
  ];
}

function decision(view: ApprovalView): Field[] {
  const fields: Field[] = [
    { label: 'Requested by', value: view.requester },
    { label: 'Reason', value: view.reason ?? 'none given' },
  ];
  if (view.state === 'pending') {
    fields.push(
      { label: 'Expires', value: { at: view.expiresAt } },
      { label: 'Who decides', value: `${people(view.quorum)}: ${view.mayApprove}` },
    );
  }
  return fields;
}

function seal({ approvalId, digestPrefix }: ApprovalView): Field[] {
  return [
    { label: 'Change', value: approvalId },
    { label: 'Plan digest', value: digestPrefix },
  ];
}

function people(quorum: number): string {
  return quorum === 1 ? '1 person' : `${quorum} different people`;
}
