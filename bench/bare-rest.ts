import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { BenchHouse } from './bench-house.ts';
import { load } from './peers/load.ts';
import { instanceId } from './quick-aws.ts';

interface Fastify {
  post(path: string, handler: (request: { body: unknown }) => unknown): void;
  listen(at: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
}

const Body = z.object({
  operation: z.string(),
  parameters: z.record(z.string(), z.unknown()),
});
const Reboot = z.object({ instance_id: z.string().regex(/^i-[0-9a-f]{17}$/), reason: z.string().max(300) });
const List = z.object({ max_results: z.int().min(1).max(50).default(25) });

/**
 * The peer: fastify, zod and SQLite as somebody writes them in an afternoon. A read answers twenty instances and keeps one line of who
 * asked; a proposal keeps one row and answers a token. As durable as OpsAgent (WAL, synchronous=FULL): no rules, no approvers, no plan.
 */
export async function bareRest(folder: string): Promise<BenchHouse> {
  const database = new Database(join(folder, 'bare.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE asked (id TEXT PRIMARY KEY, at TEXT, body TEXT)');
  database.exec('CREATE TABLE proposed (id TEXT PRIMARY KEY, at TEXT, token_hash TEXT, body TEXT)');
  const asked = database.prepare('INSERT INTO asked VALUES (?, ?, ?)');
  const proposed = database.prepare('INSERT INTO proposed VALUES (?, ?, ?, ?)');
  const instances = Array.from({ length: 20 }, (_, n) => ({
    ...{ id: instanceId(n), name: `web-${n}`, state: 'running', type: 'm7g.large', zone: 'eu-west-1a' },
  }));

  const { default: fastify } = (await load('fastify')) as { default: () => Fastify };
  const app = fastify();
  app.post('/operations/diagnostic', ({ body }) => {
    const { operation, parameters } = Body.parse(body);
    const { max_results } = List.parse(parameters);
    const id = randomUUID();
    asked.run(id, new Date().toISOString(), JSON.stringify({ operation, parameters }));
    return {
      success: true,
      summary: operation,
      details: { instances: instances.slice(0, max_results) },
      correlation_id: id,
    };
  });
  app.post('/operations/propose', ({ body }) => {
    const { instance_id, reason } = Reboot.parse(Body.parse(body).parameters);
    const token = `approve-${randomBytes(32).toString('base64url')}`;
    const hash = createHash('sha256').update(token).digest('hex');
    const [id, at] = [randomUUID(), new Date().toISOString()];
    proposed.run(id, at, hash, JSON.stringify({ instance_id, reason }));
    return { success: true, approval_token: token, action_summary: `Reboot ${instance_id}`, correlation_id: id };
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    port: Number(new URL(address).port),
    underWay: () => 0,
    settled: async () => {},
    pending: async () => 0,
    async close() {
      await app.close();
      database.close();
    },
  };
}
