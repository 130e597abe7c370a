import { cleanText } from '../lib/clean-text.ts';
import type { View } from './view.ts';
import { standing } from './wording.ts';

/** The card in one line of plain text: for notifications, screen readers, and hosts that show no cards. */
export function summaryLine(view: View, maxLength = 240): string {
  return cleanText(words(view), maxLength);
}

function words(view: View): string {
  switch (view.kind) {
    case 'message':
      return `${view.title}: ${view.body}`;
    case 'table':
      if (view.rows.length === 0) return `${view.title}: ${view.empty}`;
      // 'Alarms: 3 firing of 8' and 'Waiting for approval (2)' count already.
      return /(: |\()\d/.test(view.title) ? view.title : `${view.title}: ${count(view.rows.length, 'row')}`;
    case 'approval':
      return `${standing(view).words.replace(/\.?$/, '.')} ${view.action}, ${view.risk} risk`;
    case 'refusal':
      return `${view.title}: ${view.because} ${view.next}`;
    case 'failure':
      return `${view.title}: ${view.message} ${view.hint}`;
    case 'question':
      return view.question;
    case 'progress':
      return `${view.title}: ${view.steps.find((step) => step.state === 'running')?.text ?? 'done'}`;
    case 'facts':
    case 'sections':
    case 'chart':
    case 'menu':
    case 'help':
      return view.title;
  }
}

function count(amount: number, noun: string): string {
  return amount === 1 ? `1 ${noun}` : `${amount} ${noun}s`;
}
