import { brokenLimits, brokenViewLimits } from '../../cards/blockkit/block-limits.ts';
import { directOf, type Installed, type Message, type World } from './slack-world.ts';

export type Args = Record<string, unknown>;
type Method = (world: World, args: Args, by: Installed) => Record<string, unknown>;

const no = (error: string) => ({ error });
const str = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): object[] => (Array.isArray(value) ? value : []);

/** Each method as Slack's reference describes its successes and errors. */
export const methods: Readonly<Record<string, Method>> = {
  'auth.test': (_, _args, { team, user, bot, enterprise, org }) => ({
    team_id: team,
    enterprise_id: enterprise,
    is_enterprise_install: org ?? false,
    user_id: user,
    bot_id: bot,
  }),
  'auth.revoke': (world, _args, by) => {
    for (const [token, installed] of world.tokens) if (installed === by) world.tokens.delete(token);
    return { revoked: true };
  },
  'users.info'(world, { user }) {
    const account = world.accounts.get(str(user));
    return account ? { user: account } : no('user_not_found');
  },
  'chat.postMessage': postMessage,
  'chat.update'(world, args) {
    const message = find(world, args);
    if (!message) return no('message_not_found');
    const flaw = flawOf(args);
    if (flaw) return no(flaw);
    message.text = str(args.text);
    message.blocks = list(args.blocks);
    return { channel: message.channel, ts: message.ts };
  },
  'chat.delete'(world, args) {
    const message = find(world, args);
    if (!message) return no('message_not_found');
    world.messages.splice(world.messages.indexOf(message), 1);
    return { channel: message.channel, ts: message.ts };
  },
  'chat.postEphemeral'(world, args, by) {
    const members = world.channels.get(str(args.channel));
    if (!members) return no('channel_not_found');
    if (!members.has(by.user)) return no('not_in_channel');
    if (!members.has(str(args.user))) return no('user_not_in_channel');
    const flaw = flawOf(args);
    if (flaw) return no(flaw);
    const message = add(world, str(args.channel), args);
    message.only = str(args.user);
    return { message_ts: message.ts };
  },
  'views.open'(world, { trigger_id, view }) {
    const until = world.triggers.get(str(trigger_id));
    if (until === undefined) return no('invalid_trigger_id');
    world.triggers.delete(str(trigger_id));
    if (Date.now() > until) return no('expired_trigger_id');
    if (dialogFlaws(view as Args).length > 0) return no('invalid_arguments');
    const id = `V0${world.modals.length}A`;
    world.modals.push({ id, view: view as Record<string, unknown> });
    return { view: { id } };
  },
  'views.publish'(world, { user_id, view }) {
    if (!world.accounts.has(str(user_id))) return no('user_not_found');
    if (brokenViewLimits(view as never).length > 0) return no('invalid_arguments');
    world.homes.set(str(user_id), list((view as Args).blocks));
    return {};
  },
  'assistant.threads.setStatus'(world, { channel_id, thread_ts, status }) {
    world.statuses.set(`${channel_id}/${thread_ts}`, str(status));
    return {};
  },
  'assistant.threads.setSuggestedPrompts': (_, { prompts }) =>
    list(prompts).length > 4 ? no('invalid_arguments') : {},
  'chat.startStream': (world, { channel, thread_ts, chunks }) =>
    stripped(add(world, str(channel), { thread_ts, blocks: blocksOf(chunks) })),
  'chat.appendStream'(world, args) {
    const message = find(world, args);
    message?.blocks.push(...blocksOf(args.chunks));
    return message ? {} : no('message_not_found');
  },
  'chat.stopStream'(world, args) {
    const message = find(world, args);
    message?.blocks.push(...list(args.blocks));
    return message ? {} : no('message_not_found');
  },
  'oauth.v2.access'(world, { code, client_secret }) {
    if (client_secret !== 'client-secret-0123456789') return no('bad_client_secret');
    const found = world.codes.get(str(code));
    if (!found) return no('invalid_code');
    world.codes.delete(str(code));
    const { token, installed } = found;
    world.tokens.set(token, installed);
    return {
      access_token: token,
      token_type: 'bot',
      scope: 'chat:write',
      bot_user_id: installed.user,
      app_id: 'A0OPS',
      team: installed.org ? null : { id: installed.team },
      enterprise: installed.enterprise ? { id: installed.enterprise } : null,
      is_enterprise_install: installed.org ?? false,
      authed_user: { id: 'U0ADMIN' },
    };
  },
};

/** Selects and prefilled texts are no part of a card, so the checker of cards does not know them. */
function dialogFlaws(view: Args): string[] {
  const fields = list(view.blocks).map((block) => ('element' in block ? (block.element as Args) : {}));
  const plain = fields.every(({ initial_value, options }) => initial_value === undefined && options === undefined);
  if (plain && view.callback_id === 'reason') return brokenViewLimits(view as never);
  const long = fields.filter(({ initial_value, max_length }) => str(initial_value).length > Number(max_length));
  const empty = fields.filter(({ initial_value }) => initial_value === '');
  return [...long, ...empty].map(() => 'a field does not take its own value');
}

/** A second message with the id of one that is there is that one. */
function postMessage(world: World, args: Args, by: Installed): Record<string, unknown> {
  const to = placeFor(world, str(args.channel), by);
  if ('error' in to) return to;
  const flaw = flawOf(args);
  if (flaw) return no(flaw);
  const id = str(args.client_msg_id);
  const same = id === '' ? undefined : world.messages.find(({ client_msg_id }) => client_msg_id === id);
  return stripped(same ?? add(world, to.channel, args));
}

/** A person's id stands for their direct channel with the app. */
function placeFor(world: World, channel: string, by: Installed): { channel: string } | { error: string } {
  if (world.accounts.has(channel)) return { channel: directOf(channel) };
  if (channel.startsWith('D'))
    return world.accounts.has(`U${channel.slice(1)}`) ? { channel } : no('channel_not_found');
  const members = world.channels.get(channel);
  if (!members) return no('channel_not_found');
  return members.has(by.user) ? { channel } : no('not_in_channel');
}

function add(world: World, channel: string, args: Args): Message {
  const { thread_ts, client_msg_id } = args;
  const message: Message = {
    channel,
    ts: world.nextTs(),
    text: str(args.text),
    blocks: [...list(args.blocks)],
    ...(thread_ts !== undefined && { thread_ts: str(thread_ts) }),
    ...(client_msg_id !== undefined && { client_msg_id: str(client_msg_id) }),
  };
  world.messages.push(message);
  if (message.thread_ts) world.statuses.delete(`${channel}/${message.thread_ts}`);
  return message;
}

const stripped = ({ channel, ts }: Message) => ({ channel, ts });

const find = (world: World, { channel, ts }: Args): Message | undefined =>
  world.messages.find((message) => message.channel === channel && message.ts === ts && message.only === undefined);

const blocksOf = (chunks: unknown): object[] =>
  list(chunks).flatMap((chunk) => ('blocks' in chunk ? list(chunk.blocks) : []));

function flawOf(args: Args): string | undefined {
  const blocks = list(args.blocks);
  if (str(args.text) === '' && blocks.length === 0) return 'no_text';
  if (str(args.text).length > 40_000) return 'msg_too_long';
  if (blocks.length === 0) return undefined;
  const flaws = brokenLimits({ text: str(args.text), blocks });
  if (flaws.some((flaw) => flaw.includes('characters in one payload'))) return 'msg_blocks_too_long';
  return flaws.length > 0 ? 'invalid_blocks' : undefined;
}
