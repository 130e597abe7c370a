import type { Action, FailureView, Field, RefusalView } from '../cards/view.ts';
import type { OpsError } from '../lib/errors.ts';
import type { PolicyAnswer } from './policy.ts';

/** A no in words: which rule, why, what to do, who may instead. */
export interface Refusal {
  rule: string;
  because: string;
  next: string;
  whoMay?: string;
  actions?: Action[];
}

/** No: the rule, why, who may, what next. */
export function refusalView(
  title: string,
  { rule, because, next, whoMay, actions }: Refusal,
  correlationId: string,
): RefusalView {
  return { kind: 'refusal', title, status: 'warning', rule, because, next, whoMay, correlationId, actions };
}

/** A policy's no in the words of a card. */
export function policyRefusal(answer: Extract<PolicyAnswer, { allowed: false }>): Refusal {
  const { rule, because, next, whoMay } = answer;
  return { rule, because, next, whoMay: whoMay.length > 0 ? inWords(whoMay) : undefined };
}

/** 'admin, ops-lead or engineer' */
export function inWords(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** It broke: what, and the repair. */
export function failureView(title: string, error: OpsError, correlationId: string): FailureView {
  const fields: Field[] = Object.entries(error.facts).map(([label, value]) => ({
    label: label.replaceAll('_', ' '),
    value: String(value),
  }));
  return {
    kind: 'failure',
    title,
    status: 'bad',
    code: error.code,
    message: error.message,
    hint: error.hint,
    fields,
    correlationId,
  };
}
