import { z } from 'zod';
import type { MenuView } from '../../cards/view.ts';
import { type Kind, put, type Store } from '../../store/store.ts';
import type { TeamsOptions } from './options.ts';

const Welcomed = z.strictObject({ at: z.number() });
const welcomedKind: Kind<z.output<typeof Welcomed>> = { name: 'teams_welcome', schema: Welcomed, indexes: {} };

/** True once for each conversation, whoever is added to it and whichever process hears of it. */
export async function isFirstWelcome(store: Store, conversation: string, now: number): Promise<boolean> {
  return (await store.transact([put(welcomedKind, conversation, { at: now })])).committed;
}

/** Whole by themselves, so that they work in every account. */
const examples: MenuView['examples'] = [
  { text: 'list ec2 instances', summary: 'what runs, and how it is' },
  { text: 'which alarms are firing?', summary: 'what CloudWatch complains about' },
  { text: 'approvals', summary: 'changes that wait for somebody' },
  { text: 'help', summary: 'everything you may do' },
];

export function welcomeView({ mode, consoleUrl }: Pick<TeamsOptions, 'mode' | 'consoleUrl'>): MenuView {
  return {
    kind: 'menu',
    title: 'Hello, I am OpsAgent',
    body: 'I read AWS for you at once, and turn every change into a card that somebody approves. In a channel or a group chat, mention me. For example:',
    examples,
    actions: [
      ...examples.map(({ text }) => ({ kind: 'say', label: text, text }) as const),
      ...(consoleUrl ? [{ kind: 'link', label: 'Open the console', url: consoleUrl } as const] : []),
    ],
    note: mode === 'LOCAL_MOCK' ? 'This is LOCAL_MOCK: a simulated AWS account. Nothing real is touched.' : undefined,
  };
}
