import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Wire } from './activities.ts';
import { APP_ID, TENANT, type TeamsPerson, teamsPeople } from './people.ts';

/** A message as the Playground's page is told of it. */
const Frame = z.looseObject({
  actionConversationId: z.string(),
  message: z.looseObject({
    messageId: z.string(),
    text: z.string().nullish(),
    attachments: z.array(z.looseObject({ content: z.unknown() })).nullish(),
  }),
});

export interface Shown {
  id: string;
  conversation: string;
  text: string;
  card?: Wire;
}

/** Microsoft's Agents Playground as a process: Teams on this machine, without Entra and without a browser. */
export interface Playground {
  url: string;
  /** The bot is added to a conversation. */
  installs(conversation: string): Promise<void>;
  says(who: TeamsPerson, conversation: string, text: string): Promise<void>;
  /** What a press is answered with. */
  presses(who: TeamsPerson, on: Shown, action: Wire): Promise<{ type: string; value: unknown }>;
  /** The messages of the bot as they are now, oldest first. */
  messages(conversation: string): Shown[];
  /** The newest message of the bot for which this holds. */
  until(conversation: string, holds: (message: Shown) => boolean): Promise<Shown>;
  stop(): Promise<void>;
}

export const PERSONAL = 'personal-1';
export const GROUP = 'group-1';
const READY_MS = 30_000;
const SHOWN_MS = 15_000;

/** `folder`: of the npm package. `endpoint`: the bot's. */
export async function startPlayground(folder: string, endpoint: string): Promise<Playground> {
  const home = mkdtempSync(join(tmpdir(), 'opsagent-playground-'));
  writeFileSync(join(home, '.m365agentsplayground.yml'), JSON.stringify(world));
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [join(folder, 'cli.js'), 'start', '-e', endpoint, '-c', 'msteams', '-p', String(port), '--dt'],
    {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, TEAMSAPPTESTER_BROWSER: 'none', NODE_OPTIONS: onThisMachine },
      stdio: 'ignore',
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await eventually(READY_MS, async () => (await fetch(`${url}/_internal/v1/config`).catch(() => undefined))?.ok);
  const shown = await watch(url);
  const call = (path: string, body: object) => callPlayground(url, path, body);

  return {
    url,
    async installs(conversation) {
      await call(`/_debug/conversation/${conversation}/installation`, {});
    },
    async says(who, conversation, text) {
      await call('/_internal/v1/customActivities', messageOf(url, who, conversation, text));
    },
    async presses(who, { id, conversation }, action) {
      const invoke = { name: 'adaptiveCard/action', value: { action }, replyToId: id };
      const place = { from: { id: playgroundId(who) }, conversation: { id: conversation } };
      return z
        .object({ type: z.string(), value: z.unknown() })
        .parse(await call('/_conversation/v1/invoke', { ...invoke, ...place }));
    },
    messages: (conversation) => [...shown.values()].filter((one) => one.conversation === conversation),
    async until(conversation, holds) {
      const newest = () => [...shown.values()].filter((one) => one.conversation === conversation && holds(one)).at(-1);
      await eventually(SHOWN_MS, async () => newest() !== undefined);
      return newest() as Shown;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const playgroundId = (who: TeamsPerson): string => `user-id-${teamsPeople.indexOf(who)}`;

function person(who: TeamsPerson): object {
  const [givenName = '', surname = ''] = who.name.split(' ');
  const names = { name: who.name, givenName, surname };
  return { id: playgroundId(who), ...names, userPrincipleName: who.email, email: who.email, aadObjectId: who.aad };
}

/** YAML is a superset of JSON; the Playground wants the first person apart and five others. */
const world = {
  version: '0.1.1',
  tenantId: TENANT,
  bot: { id: APP_ID, name: 'OpsAgent' },
  currentUser: person(teamsPeople[0] as TeamsPerson),
  users: teamsPeople.slice(1).map(person),
  personalChat: { id: PERSONAL },
  groupChat: { id: GROUP, name: 'War room' },
  team: {
    id: 'team-1',
    name: 'Ops',
    aadGroupId: '00000000-0000-0000-0000-000000000031',
    channels: [{ id: 'ch-incidents', name: 'incidents' }],
  },
};

/** It would listen on every interface. */
const onThisMachine = `--import=data:text/javascript,${encodeURIComponent(`
  import net from 'node:net';
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (...args) {
    const [first] = args;
    if (typeof first === 'object' && first?.port !== undefined) args[0] = { ...first, host: '127.0.0.1' };
    else if (/^\\d+$/.test(String(first)) && typeof args[1] !== 'string') args.splice(1, 0, '127.0.0.1');
    return listen.apply(this, args);
  };
`)}`;

/** Anybody may speak by it; the page's own way speaks for the first person only. */
function messageOf(url: string, who: TeamsPerson, conversation: string, text: string): object {
  const tag = '<at>OpsAgent</at>';
  const isPersonal = conversation === PERSONAL;
  return {
    ...{ type: 'message', id: randomUUID(), channelId: 'msteams', serviceUrl: `${url}/_connector` },
    text: isPersonal ? text : `${tag} ${text}`,
    from: { id: playgroundId(who), name: who.name, aadObjectId: who.aad },
    recipient: { id: APP_ID, name: 'OpsAgent' },
    conversation: { id: conversation, conversationType: isPersonal ? 'personal' : 'groupChat', tenantId: TENANT },
    channelData: { tenant: { id: TENANT } },
    entities: [{ type: 'mention', text: tag, mentioned: { id: APP_ID, name: 'OpsAgent' } }],
  };
}

async function callPlayground(url: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the Playground answers ${answer.status} at ${path}: ${text.slice(0, 300)}`);
  return text.startsWith('{') ? JSON.parse(text) : undefined;
}

async function watch(url: string): Promise<Map<string, Shown>> {
  const shown = new Map<string, Shown>();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/_ws_conversation/v1/conversations/stream`);
  socket.addEventListener('message', ({ data }) => {
    const { success, data: frame } = Frame.safeParse(JSON.parse(String(data)));
    if (!success) return;
    const { messageId: id, text, attachments } = frame.message;
    const card = attachments?.[0]?.content as Wire | undefined;
    shown.set(id, { id, conversation: frame.actionConversationId, text: text ?? '', card });
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  return shown;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function eventually(ms: number, holds: () => Promise<boolean | undefined>): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
