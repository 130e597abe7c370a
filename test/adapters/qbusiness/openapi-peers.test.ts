import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { openapiDocument } from '../../../adapters/qbusiness/openapi.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { catalog } from '../../../tools/catalog.ts';
import { BOB } from '../../e2e/opsagent.ts';
import { npmPeer } from '../../peers/peers.ts';
import { callsOf, openRest, type Rest } from './rest-house.ts';

const EXAMPLE = join(import.meta.dirname, '../../../manifests/qbusiness/openapi.json');

describe('the OpenAPI document, read by others', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsagent-openapi-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  const written = (document: JsonObject): string => {
    const path = join(folder, 'openapi.json');
    writeFileSync(path, JSON.stringify(document));
    return path;
  };
  const example = (): JsonObject => JSON.parse(readFileSync(EXAMPLE, 'utf8'));

  it('is valid for swagger-parser, and a broken one is not [Q2]', async function () {
    const peer = npmPeer(this, '@apidevtools/swagger-parser');
    const parser = createRequire(join(peer, 'package.json'))(peer) as { validate(document: object): Promise<unknown> };
    const broken = { ...example(), paths: { '/x': { get: { parameters: [{ name: 'x' }] } } } };

    await parser.validate(example());
    const refused = await parser.validate(broken).catch((error: unknown) => error);

    expect(refused).to.be.instanceOf(Error);
  });

  it('has nothing that redocly finds wrong, and a broken one has [Q2]', function () {
    const peer = npmPeer(this, '@redocly/cli');
    const lint = (path: string) =>
      spawnSync(process.execPath, [join(peer, 'bin/cli.js'), 'lint', '--extends', 'minimal', path], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' },
      });
    const { paths, ...rest } = example();

    const good = lint(EXAMPLE);
    const bad = lint(
      written({ ...rest, paths: { ...(paths as JsonObject), '/x': { get: { parameters: [{ name: 'x' }] } } } }),
    );

    expect(good.status, good.stdout + good.stderr).to.equal(0);
    expect(bad.status).to.equal(1);
  });

  describe('Prism between a caller and OpsAgent', () => {
    let rest: Rest;
    let prism: ChildProcess | undefined;
    let through: Pick<Rest, 'get' | 'post'>;

    before(async function () {
      const peer = npmPeer(this, '@stoplight/prism-cli');
      rest = await openRest();
      const path = written(openapiDocument({ serverUrl: `http://127.0.0.1:${rest.port}`, version: '0', catalog }));
      const port = await freePort();
      const where = ['proxy', path, `http://127.0.0.1:${rest.port}`, '-p', String(port), '-h', '127.0.0.1', '--errors'];
      prism = spawn(process.execPath, [join(peer, 'dist/index.js'), ...where], {
        env: { PATH: process.env.PATH },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await listening(prism);
      through = callsOf(port);
    });

    after(async () => {
      if (prism?.exitCode === null) {
        const ended = once(prism, 'exit');
        prism.kill('SIGKILL');
        await ended;
      }
      await rest?.close();
    });

    it('finds every call and every answer as the document says, of all operations [Q2]', async () => {
      const incident = await through.post('/operations/create_incident_record', {
        summary: 'web-2 hangs',
        severity: 'high',
      });
      const post = await through.post('/operations/post_summary_to_channel', {
        text: 'web-2 is back',
        channel: '#ops',
      });
      const reboot = await through.post('/operations/reboot_ec2', { instance_id: known.sickInstance });
      const scale = await through.post('/operations/scale_ecs_service', {
        cluster: 'main',
        service: 'cart',
        desired_count: 3,
      });
      const approve = await through.post(
        '/operations/approve_change',
        { approval_token: reboot.body.approval_token },
        BOB,
      );
      const reject = await through.post(
        '/operations/reject_change',
        { approval_token: scale.body.approval_token, reason: 'no' },
        BOB,
      );
      const status = await through.get(`/operations/get_change_status?approval_id=${reboot.body.approval_id}`);
      const chat = await through.post('/chat', { text: 'which alarms are firing?', conversation_id: 'c1' });
      const alb = await anAlb();
      const reads = catalog.flatMap(({ name, effect, input }) => (effect === 'read' ? [{ name, input }] : []));
      const answers = await Promise.all(
        reads.map(({ name, input }) =>
          through.get(
            `/operations/${name}?${new URLSearchParams(VALUES[name] ?? (name === ALB ? { alb_arn: alb } : firstChoices(input)))}`,
          ),
        ),
      );

      const all = [incident, post, reboot, scale, approve, reject, status, chat, ...answers];
      const wrong = all.filter(({ status: code, body }) => code !== 200 || !('correlation_id' in body));
      expect(wrong.map(({ body }) => body)).to.deep.equal([]);
      expect(all).to.have.length(catalog.length + 4);
      expect([approve, reject, status].map(({ body }) => body.status)).to.deep.equal([
        'succeeded',
        'rejected',
        'succeeded',
      ]);
    });

    it('lets a wrong call through to no tool: it refuses it itself [Q2]', async () => {
      const { status } = await through.get('/operations/get_ec2_status?instance_id=web-1');

      expect(status).to.equal(422);
    });

    const anAlb = async (): Promise<string> => {
      const { body } = await rest.post('/operations/diagnostic', { operation: 'list_load_balancers' });
      const { load_balancers: all } = body.details as { load_balancers: { arn: string }[] };
      return all[0]?.arn ?? '';
    };
  });
});

const ALB = 'describe_alb_target_health';

/** What a read is asked for; one that is not here is asked for the first of all choices that it wants. */
const VALUES: Record<string, Record<string, string>> = {
  get_ec2_status: { instance_id: known.sickInstance, metrics: 'cpu,network', time_window: '1h' },
  get_cloudwatch_metrics: { namespace: 'AWS/EC2', metric_name: 'CPUUtilization', resource_id: known.sickInstance },
  search_cloudtrail_events: { time_window: '24h', max_results: '5' },
  get_ecs_service_status: { cluster: 'main', service: 'checkout' },
  list_incidents: { severity: 'high', max_results: '3' },
  get_incident: { incident_id: `INC-${new Date().getUTCFullYear()}-000001` },
};

function firstChoices(input: z.ZodObject): Record<string, string> {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return Object.fromEntries(
    required.map((name) => [name, String((properties[name] as { enum?: unknown[] }).enum?.[0] ?? 'x')]),
  );
}

async function listening({ stdout }: ChildProcess): Promise<void> {
  let said = '';
  for await (const chunk of stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += chunk;
    if (said.includes('is listening')) break;
  }
  // What it goes on to say is read and dropped, so that it never waits for a reader.
  stdout?.resume();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
