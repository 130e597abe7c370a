import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../../lib/json.ts';
import type { TeamsPerson } from './people.ts';

export interface ConversationAtTeams {
  id: string;
  type: 'personal' | 'groupChat' | 'channel';
  members: readonly TeamsPerson[];
  /** By id, in the order they came. */
  activities: Map<string, JsonObject>;
  /** A line that is shown until the answer takes its place. */
  stream?: { id: string; text: string };
  /** How often somebody was shown as typing. */
  typing: number;
}

/** Teams' end of the Bot Framework connector: stores what a bot says, and refuses what Teams refuses. */
export interface ConnectorStub {
  /** 'http://127.0.0.1:4711/teams/' */
  serviceUrl: string;
  host: string;
  conversations: Map<string, ConversationAtTeams>;
  /** 'POST /v3/…', every request that arrived. */
  requests: string[];
  /** Makes a conversation the bot is in. */
  add(id: string, type: ConversationAtTeams['type'], members: readonly TeamsPerson[]): ConversationAtTeams;
  /** The next messages and edits are answered with this and have no effect. */
  answersNext(times: number, status: number, headers?: Record<string, string>): void;
  /** The next messages and edits find nobody at home. */
  losesNext(times: number): void;
  /** Whether personal conversations may be opened: the app is installed for people. */
  opens: boolean;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body?: unknown;
}

/** Teams measures UTF-16. */
const mostBytes = 100 * 1024;

/** `token`: what every request must bring. */
export async function startConnector(token?: string): Promise<ConnectorStub> {
  const conversations = new Map<string, ConversationAtTeams>();
  const requests: string[] = [];
  let faults: { status: number; headers: Record<string, string> }[] = [];
  let messages = 0;

  const nextId = () => {
    messages += 1;
    return `17180000${String(messages).padStart(5, '0')}`;
  };

  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const body = await readBody(request);
    const fault = request.url?.includes('/activities') ? faults.shift() : undefined;
    if (fault) return write(response, { status: fault.status }, fault.headers);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return write(response, { status: 401 });
    if (body.length * 2 > mostBytes) return write(response, { status: 413 });
    return write(response, route(request, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  function route({ method, url = '' }: IncomingMessage, body: string): Answer {
    const [, , ...path] = url.split('/').map(decodeURIComponent);
    const [, , id = '', what, which] = path;
    const said: JsonObject = body === '' ? {} : JSON.parse(body);
    if (method === 'POST' && path.length === 2) return open(said);
    const conversation = known(id);
    if (!conversation) return { status: 404 };
    const operations: Record<string, () => Answer> = {
      'GET members': () => member(conversation, which),
      'POST activities': () => take(conversation, said, nextId),
      'PUT activities': () => change(conversation, which, said),
    };
    return operations[`${method} ${what}`]?.() ?? { status: 405 };
  }

  /** A thread is known when its channel and its first message are. */
  function known(id: string): ConversationAtTeams | undefined {
    const [channel = '', thread] = id.split(';messageid=');
    const found = conversations.get(channel);
    return thread === undefined || found?.activities.has(thread) ? found : undefined;
  }

  function open({ members }: JsonObject): Answer {
    const [first] = Array.isArray(members) ? (members as { id: string }[]) : [];
    const person = [...conversations.values()].flatMap((one) => one.members).find(({ mri }) => mri === first?.id);
    if (!stub.opens || !person) return { status: 403 };
    const id = `a:1-${person.aad}`;
    if (!conversations.has(id)) stub.add(id, 'personal', [person]);
    return { status: 201, body: { id } };
  }

  const stub: ConnectorStub = {
    serviceUrl: `http://${host}/teams/`,
    ...{ host, conversations, requests, opens: true },
    add(id, type, members) {
      const conversation = { id, type, members, activities: new Map(), typing: 0 };
      conversations.set(id, conversation);
      return conversation;
    },
    answersNext(times, status, headers = {}) {
      faults = Array.from({ length: times }, () => ({ status, headers }));
    },
    losesNext: (times) => stub.answersNext(times, 503),
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return stub;
}

function take(conversation: ConversationAtTeams, activity: JsonObject, nextId: () => string): Answer {
  const info = streamInfo(activity);
  if (info) return stream(conversation, activity, info, nextId);
  if (activity.type === 'typing') {
    conversation.typing += 1;
    return { status: 202, body: {} };
  }
  const id = nextId();
  conversation.activities.set(id, activity);
  return { status: 201, body: { id } };
}

/** One stream at a time, in personal conversations only, its lines in order. */
function stream(
  conversation: ConversationAtTeams,
  activity: JsonObject,
  info: JsonObject,
  nextId: () => string,
): Answer {
  if (conversation.type !== 'personal') return { status: 403 };
  if (info.streamType === 'final') {
    if (info.streamId !== conversation.stream?.id) return { status: 403 };
    conversation.activities.set(String(info.streamId), activity);
    conversation.stream = undefined;
    return { status: 202, body: {} };
  }
  const first = info.streamSequence === 1;
  if (first === (conversation.stream !== undefined)) return { status: 403 };
  conversation.stream = { id: conversation.stream?.id ?? nextId(), text: String(activity.text) };
  return first ? { status: 201, body: { id: conversation.stream.id } } : { status: 202, body: {} };
}

function member({ members }: ConversationAtTeams, id: string | undefined): Answer {
  const found = members.find(({ mri, aad }) => mri === id || aad === id);
  if (!found) return { status: 404 };
  const { mri, aad, ...facts } = found;
  return {
    status: 200,
    body: { id: mri, aadObjectId: aad, userRole: 'user', userPrincipalName: found.email, ...facts },
  };
}

function change(conversation: ConversationAtTeams, id: string | undefined, activity: JsonObject): Answer {
  if (id === undefined || !conversation.activities.has(id)) return { status: 404 };
  conversation.activities.set(id, activity);
  return { status: 200, body: { id } };
}

function streamInfo({ entities }: JsonObject): JsonObject | undefined {
  return (Array.isArray(entities) ? (entities as JsonObject[]) : []).find(({ type }) => type === 'streaminfo');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function write(response: ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}): void {
  const refusal = status < 400 ? undefined : { error: { code: 'Refused', message: 'as a test asked' } };
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body ?? refusal ?? {}));
}
