import type { FailureView, Field, RefusalView } from './view.ts';

/** What to do next comes first; the rule is for whoever wants to argue. */
export function refusalFields({ next, whoMay, rule }: RefusalView): Field[] {
  return [
    { label: 'What next', value: next },
    ...(whoMay ? [{ label: 'Who may', value: whoMay }] : []),
    { label: 'Rule', value: rule },
  ];
}

/** The repair first, then what an engineer quotes in a ticket. */
export function failureFields({ hint, code, fields }: FailureView): Field[] {
  return [{ label: 'What to do', value: hint }, { label: 'Error code', value: code }, ...fields];
}
