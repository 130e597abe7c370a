import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { childEnv, type Ended, type Installation } from './opsagent.ts';

const Message = z.object({
  id: z.string(),
  from: z.string(),
  summary: z.string(),
  revision: z.number(),
  view: z.looseObject({ kind: z.string(), title: z.string() }).optional(),
});
export type Message = z.output<typeof Message>;

const Card = z.looseObject({
  kind: z.string(),
  title: z.string(),
  state: z.string(),
  approvalId: z.string(),
  actions: z.array(z.looseObject({ label: z.string(), digest: z.string().optional() })).optional(),
});
export type Card = z.output<typeof Card>;

/** `opsagent serve` as a process, and its HTTP calls as a browser makes them. */
export interface Serving {
  address: string;
  port: number;
  get(path: string, as?: string): Promise<{ status: number; text: string }>;
  /** Says or presses something in a conversation; gives back what the turn came to. */
  turn(
    as: string,
    what: { text: string } | { decision: object },
    conversation?: string,
  ): Promise<Record<string, unknown>>;
  messages(as: string, conversation?: string): Promise<Message[]>;
  approvals(as: string, state: 'pending' | 'decided'): Promise<Card[]>;
  signal(name: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** A server that may not listen yet. */
export interface Starting {
  signal(name: NodeJS.Signals): void;
  ended: Promise<Ended>;
  /** Rejects when it ends before it listens. */
  listening: Promise<Serving>;
}

export function serveIn(house: Installation, env: Record<string, string> = {}): Promise<Serving> {
  return startServing(house, env).listening;
}

export function startServing(house: Installation, env: Record<string, string> = {}): Starting {
  const child = spawn(process.execPath, [house.program, 'serve'], {
    cwd: house.path('.'),
    env: childEnv({ ...house.env, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...said }));
  });
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  const listening = new Promise<Serving>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.stdout += `${line}\n`;
      const found = /listens at (http:\S+)/.exec(line)?.[1];
      if (found) resolve({ ...browserAt(found), address: found, port: Number(new URL(found).port), signal, ended });
    });
    void ended.then(({ code, stderr }) => reject(new Error(`serve ended with ${code}: ${stderr}`)));
  });
  // Who waits for the end only is not told of it twice.
  listening.catch(() => undefined);
  return { signal, ended, listening };
}

function browserAt(address: string): Pick<Serving, 'get' | 'turn' | 'messages' | 'approvals'> {
  const headersOf = (as: string | undefined) => (as === undefined ? undefined : { 'x-opsagent-person': as });
  const get: Serving['get'] = async (path, as) => {
    const response = await fetch(address + path, { headers: headersOf(as) });
    return { status: response.status, text: await response.text() };
  };
  const read = async (path: string, as: string): Promise<unknown> => {
    const { status, text } = await get(path, as);
    if (status !== 200) throw new Error(`${path} says ${status}: ${text}`);
    return JSON.parse(text);
  };
  return {
    get,
    async turn(as, what, conversation = 'me') {
      const response = await fetch(`${address}/api/turns`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headersOf(as) },
        body: JSON.stringify({ id: randomUUID(), conversation, ...what }),
      });
      return z.record(z.string(), z.unknown()).parse(await response.json());
    },
    async messages(as, conversation = 'me') {
      const path = `/api/conversations/${encodeURIComponent(conversation)}/messages?limit=100`;
      return z.object({ messages: z.array(Message) }).parse(await read(path, as)).messages;
    },
    async approvals(as, state) {
      const { approvals } = z
        .object({ approvals: z.array(z.object({ view: Card })) })
        .parse(await read(`/api/approvals?state=${state}&limit=50`, as));
      return approvals.map(({ view }) => view);
    },
  };
}

/** The press of a button of a card, as the console sends it. */
export function pressOf({ approvalId, actions = [] }: Card, verdict: 'approve' | 'reject' | 'cancel', reason?: string) {
  const digest = actions.find((action) => action.digest !== undefined)?.digest;
  return { decision: { verdict, approvalId, digest, reason } };
}
