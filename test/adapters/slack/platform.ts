import { startSlackApi } from './slack-api.ts';
import { botToken, channel, directOf, type Message, team } from './slack-world.ts';

/** Whatever plays Slack behind the harness: our stub, or the emulator. */
export interface Platform {
  apiUrl: string;
  botToken: string;
  org: string;
  /** All people and the app are in it. */
  channel: string;
  /** The account of an e-mail. */
  userOf(person: string): string;
  directOf(user: string): string;
  /** Oldest first; ephemeral ones say who sees them. */
  messages(): Message[];
  /** One that works, for a press of this person. */
  trigger(user: string): Promise<string>;
  /** The dialogs that were opened, newest last. */
  modals(): Record<string, unknown>[];
  /** The next `count` calls about messages are answered 503 and do nothing. */
  losesNext(count: number): void;
  close(): Promise<void>;
}

export async function stubPlatform(): Promise<Platform> {
  const api = await startSlackApi();
  const { world } = api;
  return {
    apiUrl: api.apiUrl,
    botToken,
    org: team,
    channel,
    userOf: (person) => [...world.accounts.values()].find(({ profile }) => profile.email === person)?.id ?? 'U0NOBODY',
    directOf,
    messages: () => world.messages,
    trigger: async () => world.trigger(),
    modals: () => world.modals.map(({ id, view }) => ({ ...view, id })),
    losesNext: (count) => api.fails(/^chat\./, count, { status: 503 }),
    close: api.close,
  };
}
