import { expect } from 'chai';
import type { Channel } from '../../../bot/channel.ts';
import type { Turn } from '../../../bot/turn.ts';
import { elements } from '../../cards/adaptive/card-tree.ts';
import { readable } from '../../cards/blockkit/block-text.ts';
import type { Answering, ChannelHarness, Ground } from '../channel-contract.ts';
import { aCommand, aPress, aSubmission } from './payloads.ts';
import type { Platform } from './platform.ts';
import { type SignedRequest, signed, signedForm, signedInteraction } from './signed-requests.ts';
import { openHouse, type Settings } from './slack-house.ts';
import type { Message } from './slack-world.ts';

type Button = ReturnType<typeof buttonsOf>[number];

/** What the adapter and the people share: the platform, and the last thing that was sent. */
interface Stage {
  platform: Platform;
  /** What people saw once: a client that is not up to date still has it. */
  seen: Map<string, { message: Message; button: Button }>;
  deliver(request: SignedRequest): Promise<void>;
}

/** Slack as people have it who share a channel: what they do arrives signed at the real door. */
export async function openHarness(platform: Platform, answering: Answering, ground?: Ground): Promise<ChannelHarness> {
  const { org, channel } = platform;
  const start = () => openHouse({ ...settingsOf(platform, answering, ground) });
  let house = await start();
  let last: SignedRequest | undefined;
  const deliver = async (request: SignedRequest): Promise<void> => {
    last = request;
    expect((await house.send(request)).status).to.equal(200);
    await house.settled();
  };
  const stage: Stage = { platform, seen: new Map(), deliver };
  return {
    get channel() {
      return byPerson(house.slack, platform);
    },
    conversation: { channel: 'slack', id: `${org}/${channel}` },
    async says(person, text) {
      const user_id = platform.userOf(person);
      await deliver(signedForm(aCommand(text, { user_id, team_id: org, channel_id: channel })));
    },
    sees: async (person) => visible(platform, platform.userOf(person)).map(shownText).join('\n'),
    presses: (person, label, reason = '') => press(stage, platform.userOf(person), label, reason),
    async replays() {
      // Past the signature cache too, as another process or a restart would be: Slack's own second try is signed anew.
      if (!last) return;
      expect((await house.send(last)).status).to.equal(401);
      const { 'content-type': type, 'x-slack-request-timestamp': sent } = last.headers;
      // A second later: within the same second it would be the very same signature.
      const again = signed(last.body, { type: String(type), at: Number(sent) + 1 });
      expect((await house.send(again)).status).to.equal(200);
      await house.settled();
    },
    losesNext: platform.losesNext,
    async restart() {
      await house.close();
      house = await start();
    },
    chart: /data_visualization/,
    screen: 'own',
    updates: 'in place',
    async close() {
      await house.close();
      await platform.close();
    },
  };
}

function settingsOf(platform: Platform, answering: Answering, ground: Ground | undefined): Settings {
  return {
    apiUrl: platform.apiUrl,
    tokens: { kind: 'bot-token', botToken: platform.botToken },
    ...(ground && { store: ground.store, lobby: ground.lobby }),
    onTurn: async (turn, slack, heard) => {
      if (ground) return answering(turn, slack, heard);
      heard();
      return answering(await named(turn, slack), byPerson(slack, platform));
    },
  };
}

/** Without a house behind it the contract names people by their e-mail. Who an account is, Slack says. */
async function named(turn: Turn, slack: Channel): Promise<Turn> {
  const profile = await slack.profile?.(turn.speaker.userId);
  return { ...turn, speaker: { ...turn.speaker, userId: profile?.email ?? turn.speaker.userId } };
}

function byPerson(slack: Channel, { org, userOf }: Platform): Channel {
  const accountOf = (person: string): string => (person.includes('@') ? `${org}/${userOf(person)}` : person);
  return { ...slack, whisper: (to, person, view) => slack.whisper(to, accountOf(person), view) };
}

function visible(platform: Platform, user: string): Message[] {
  const places = [platform.channel, platform.directOf(user)];
  return platform
    .messages()
    .filter(({ channel, only }) => places.includes(channel) && (only === undefined || only === user));
}

/** What is read of a message; of a chart its kind and its title. */
function shownText({ text, blocks }: Message): string {
  if (blocks.length === 0) return text;
  const charts = elements(blocks).filter(({ type }) => type === 'data_visualization');
  return [readable(blocks), ...charts.map(({ type }) => String(type))].join('\n');
}

async function press({ platform, seen, deliver }: Stage, user: string, label: string, reason: string): Promise<void> {
  const shown = visible(platform, user)
    .flatMap((message) => buttonsOf(message).map((button) => ({ message, button })))
    .findLast(({ button }) => button.text === label || button.text === `${label} …`);
  const found = shown ?? seen.get(label);
  if (!found) throw new Error(`nobody ever saw a button ${label}`);
  seen.set(label, found);
  const { message, button } = found;
  const opened = platform.modals().length;
  const { channel, ts, thread_ts } = message;
  const where = {
    team: { id: platform.org },
    user: { id: user, team_id: platform.org },
    channel: { id: channel },
    message: { ts, thread_ts },
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: message.only !== undefined },
    trigger_id: await platform.trigger(user),
  };
  await deliver(signedInteraction(aPress(button, where, user)));
  if (!button.action_id.startsWith('ask:')) return;
  const view = await nextModal(platform, opened);
  const values = { reason: { reason: { type: 'plain_text_input', value: reason } } };
  const from = { team: { id: platform.org }, user: { id: user, team_id: platform.org } };
  await deliver(signedInteraction(aSubmission({ ...view, app_installed_team_id: platform.org }, values, user, from)));
}

function buttonsOf({ blocks }: Message): { text: string; action_id: string; value?: string }[] {
  return elements(blocks)
    .filter(({ type }) => type === 'button')
    .map(({ text, action_id, value }) => ({
      text: readable(text),
      action_id: String(action_id),
      value: value === undefined ? undefined : String(value),
    }));
}

async function nextModal(platform: Platform, opened: number): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 200; tries++) {
    const view = platform.modals()[opened];
    if (view) return view;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('no dialog opened');
}
