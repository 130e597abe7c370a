/** An account as `users.info` shows it. */
export interface Account {
  id: string;
  team_id: string;
  name: string;
  profile: { email?: string };
  deleted?: boolean;
  is_bot?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  is_email_confirmed?: boolean;
  enterprise_user?: { id: string; enterprise_id: string; teams: string[] };
}

export interface Message {
  channel: string;
  ts: string;
  text: string;
  blocks: object[];
  thread_ts?: string;
  /** Ephemeral: the one person who sees it. */
  only?: string;
  client_msg_id?: string;
}

/** Whose token it is. */
export interface Installed {
  team: string;
  user: string;
  bot: string;
  enterprise?: string;
  /** Installed in the whole organisation. */
  org?: boolean;
}

export interface World {
  tokens: Map<string, Installed>;
  accounts: Map<string, Account>;
  /** Channel → who is in it; the bot too. */
  channels: Map<string, Set<string>>;
  messages: Message[];
  /** Trigger → until when it works, epoch ms. */
  triggers: Map<string, number>;
  /** What each dialog that was opened looks like, newest last. */
  modals: { id: string; view: Record<string, unknown> }[];
  homes: Map<string, object[]>;
  /** `<channel>/<thread>` → status. */
  statuses: Map<string, string>;
  /** Authorization code → what is installed with it. */
  codes: Map<string, { token: string; installed: Installed }>;
  nextTs(): string;
  trigger(): string;
}

export const team = 'T0OPS';
export const channel = 'C0OPS';
export const botToken = 'xoxb-test-token';
export const bot = { user: 'U0BOT', bot: 'B0BOT' };
const triggerMs = 3_000;

/** One workspace with a channel that its people and the app are in. */
export function createWorld(): World {
  let made = 0;
  const people = ['alice', 'bob', 'carol', 'dave', 'erin'].map((name): [string, Account] => {
    const id = `U0${name.toUpperCase()}`;
    return [id, { id, team_id: team, name, profile: { email: `${name}@example.com` } }];
  });
  const world: World = {
    tokens: new Map([[botToken, { team, ...bot }]]),
    accounts: new Map(people),
    channels: new Map([[channel, new Set([bot.user, ...people.map(([id]) => id)])]]),
    messages: [],
    triggers: new Map(),
    modals: [],
    homes: new Map(),
    statuses: new Map(),
    codes: new Map(),
    nextTs: () => `${Math.floor(Date.now() / 1000)}.${String(++made).padStart(6, '0')}`,
    trigger() {
      const id = `trigger.${++made}`;
      world.triggers.set(id, Date.now() + triggerMs);
      return id;
    },
  };
  return world;
}

/** The direct channel of a person with the app. */
export const directOf = (user: string): string => `D${user.slice(1)}`;
