import type { JsonObject } from '../../../lib/json.ts';
import { elements } from '../../cards/adaptive/card-tree.ts';
import { executed, submitted, type Wire } from './activities.ts';
import type { ConnectorStub, ConversationAtTeams } from './connector.ts';
import { type TeamsPerson, teamsPeople } from './people.ts';
import type { HttpAnswer } from './teams-house.ts';

/** What Teams' clients do with cards: show them, fetch a person's own form where the card asks, and send presses. */
export interface Clients {
  /** All text on this person's screen. */
  sees(who: TeamsPerson): Promise<string>;
  /** Where the person is shown no such button, the press is forged from one that somebody is shown. */
  presses(who: TeamsPerson, label: string, reason?: string): Promise<void>;
  told(who: TeamsPerson): readonly string[];
}

interface Screen {
  /** Forms of cards that this person's client fetched; an edit takes the place of each. */
  own: Map<string, { of: JsonObject; card: Wire }>;
  told: string[];
}

interface Button {
  at: ConversationAtTeams;
  message: string;
  action: Wire;
}

/** `send`: `unasked` when no person did it. */
export function createClients(
  connector: ConnectorStub,
  send: (activity: Wire, unasked: boolean) => Promise<HttpAnswer>,
): Clients {
  const { serviceUrl, conversations } = connector;
  const screens = new Map(teamsPeople.map(({ mri }) => [mri, emptyScreen()]));
  const screenOf = ({ mri }: TeamsPerson): Screen => screens.get(mri) ?? emptyScreen();
  const seen = new Map<string, Button>();

  async function execute(who: TeamsPerson, { at, message, action }: Button, unasked = false): Promise<void> {
    const of = at.activities.get(message);
    const trigger = unasked ? 'automatic' : 'manual';
    const { json } = await send(executed(who, at, serviceUrl, message, { action, trigger }), unasked);
    if (json.type === 'application/vnd.microsoft.card.adaptive' && of)
      screenOf(who).own.set(message, { of, card: json.value as Wire });
    if (json.type === 'application/vnd.microsoft.activity.message') screenOf(who).told.push(String(json.value));
  }

  /** What a message looks like on a screen. */
  async function cardOn(who: TeamsPerson, at: ConversationAtTeams, message: string): Promise<Wire | undefined> {
    const activity = at.activities.get(message);
    const card = activity && cardOf(activity);
    if (!card) return undefined;
    const own = screenOf(who).own.get(message);
    if (own?.of === activity) return own.card;
    const refresh = card.refresh as { action: Wire; userIds: string[] } | undefined;
    if (!refresh?.userIds.includes(who.mri)) return card;
    await execute(who, { at, message, action: refresh.action }, true);
    return screenOf(who).own.get(message)?.card ?? card;
  }

  const chatsOf = (who: TeamsPerson) =>
    [...conversations.values()].filter(({ type, members }) => type !== 'personal' || members.includes(who));

  async function find(who: TeamsPerson, label: string): Promise<Button | undefined> {
    for (const at of chatsOf(who).reverse()) {
      for (const message of [...at.activities.keys()].reverse()) {
        const card = await cardOn(who, at, message);
        const action = card && buttons(card).find(({ title }) => title === label);
        if (action) return { at, message, action };
      }
    }
    return undefined;
  }

  /** The button on this person's screen, after 'Decide …' where it takes that. */
  async function fetched(who: TeamsPerson, label: string): Promise<Button | undefined> {
    const there = await find(who, label);
    const door = there ? undefined : await find(who, 'Decide …');
    if (!door) return there;
    await execute(who, door);
    return find(who, label);
  }

  async function forged(label: string): Promise<Button> {
    for (const who of teamsPeople) {
      const button = seen.get(label) ?? (await fetched(who, label));
      if (button) return button;
    }
    throw new Error(`nobody was ever shown a button ${label}`);
  }

  return {
    async sees(who) {
      const shown: string[] = [];
      for (const at of chatsOf(who)) {
        for (const [id, { text }] of at.activities) {
          const card = await cardOn(who, at, id);
          shown.push(...(card ? strings([card.body, card.actions]) : [String(text ?? '')]));
        }
        if (at.stream) shown.push(at.stream.text);
      }
      return [...shown, ...screenOf(who).told].join('\n');
    },
    async presses(who, label, reason) {
      const button = (await fetched(who, label)) ?? (await forged(label));
      seen.set(label, button);
      const { at, message, action } = button;
      const data = { ...(action.data as Wire), ...(reason === undefined ? {} : { reason }) };
      if (action.type === 'Action.Submit') await send(submitted(who, at, serviceUrl, message, data), false);
      else await execute(who, { ...button, action: { ...action, data } });
    },
    told: (who) => screenOf(who).told,
  };
}

const emptyScreen = (): Screen => ({ own: new Map(), told: [] });

export function cardOf({ attachments }: JsonObject): Wire | undefined {
  const [first] = Array.isArray(attachments) ? (attachments as { content?: Wire }[]) : [];
  return first?.content;
}

/** Every button that ends in a request, those inside 'Reject …' too. */
export const buttons = (card: Wire): Wire[] =>
  elements(card.actions).filter(({ type }) => type === 'Action.Execute' || type === 'Action.Submit');

/** Every text, and the names of elements: a chart has no other. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}
