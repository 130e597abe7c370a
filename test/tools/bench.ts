import { expect } from 'chai';
import { createDirectory, localPeople } from '../../approvals/people.ts';
import { loadPolicy } from '../../approvals/policy.ts';
import { recordsFor } from '../../approvals/records.ts';
import type { View } from '../../cards/view.ts';
import type { JsonObject } from '../../lib/json.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import type { Store } from '../../store/store.ts';
import type { AwsApis } from '../../tools/aws/apis.ts';
import type { Aws, WritePermit } from '../../tools/aws/aws.ts';
import { createSimulatedAws } from '../../tools/aws/simulated/simulated-aws.ts';
import type { Tool, ToolContext } from '../../tools/tool.ts';
import { movableClock } from '../store/movable-clock.ts';

/** Noon of an ordinary day. */
export const NOON = Date.parse('2026-11-20T12:00:00Z');

export interface Bench {
  context: ToolContext;
  store: Store;
  setNow(ms: number): void;
  posts: { to: JsonObject; view: View }[];
}

const policy = loadPolicy();
const people = createDirectory(() => localPeople);

type Overrides = Partial<Omit<ToolContext, 'aws'>> & { aws?: Aws; region?: string; permit?: WritePermit };

/** What the gate would hand a tool: simulated AWS, a store in memory, a clock that stands still, a notifier that remembers. */
export async function createBench({ region, permit, ...overrides }: Overrides = {}): Promise<Bench> {
  const { clock, setNow } = movableClock(NOON);
  const store = overrides.store ?? (await createSqliteStore({ path: ':memory:', clock, log: silentLog }));
  const signal = new AbortController().signal;
  const provider = createSimulatedAws({ seed: 7, clock, store, defaultRegion: 'eu-west-1' });
  const posts: Bench['posts'] = [];
  const context: ToolContext = {
    aws: await provider.open({ region, correlationId: 'c-1', signal, permit }),
    store,
    clock,
    signal,
    actor: { id: 'alice@example.com', name: 'Alice' },
    correlationId: 'c-1',
    notify: {
      channels: ['#ops', '#web'],
      webhooks: ['https://hooks.example.com/T1/secret'],
      async post(to, view) {
        posts.push({ to, view });
      },
    },
    records: recordsFor({ store, log: silentLog, policy, people }, signal),
    progress() {},
    ...overrides,
  };
  return { context, store, setNow, posts };
}

/** Hand-made AWS: only the operations a test names exist. */
export function handMadeAws(apis: { [S in keyof AwsApis]?: Partial<AwsApis[S]> }): Aws {
  return {
    account: { id: '111122223333' },
    region: 'eu-west-1',
    mode: 'LOCAL_MOCK',
    async client(service) {
      // A test that needs more than it made gets 'is not a function', which names the operation.
      return apis[service] as AwsApis[typeof service];
    },
  };
}

/** Parses the input as the gate does and runs the tool; output and view are checked for form. */
export async function run(tool: Tool, raw: JsonObject, context: ToolContext) {
  const input = tool.input.parse(raw) as JsonObject;
  const output = await tool.execute(input, context);
  return { input, output: tool.output.parse(output) as JsonObject, view: viewOf(tool, output, input, context) };
}

export function viewOf(tool: Tool, output: JsonObject, input: JsonObject, { aws, clock }: ToolContext): View {
  const at = new Date(clock.now()).toISOString();
  const source = { account: aws.account.id, region: aws.region, at, mode: aws.mode };
  // A change is shown by its approval card; a tool adds only what was sent.
  const view: View =
    tool.effect === 'write'
      ? { kind: 'facts', title: tool.title, fields: tool.outcome(output) }
      : tool.view(output, source, input);
  assertWellFormed(view);
  return view;
}

/** What every dialect relies on: rows as wide as their columns, a title, few actions, real times. */
export function assertWellFormed(view: View): void {
  expect(view.title).to.have.length.within(1, 200);
  expect(view.actions ?? []).to.have.length.at.most(4);
  for (const { columns = [], rows = [] } of tablesOf(view)) {
    for (const row of rows) expect(row, JSON.stringify(row)).to.have.length(columns.length);
  }
  for (const [, at] of JSON.stringify(view).matchAll(/"at":"([^"]*)"/g)) expect(Date.parse(at ?? ''), at).not.to.be.NaN;
}

function tablesOf(view: View) {
  if (view.kind === 'table') return [view];
  return view.kind === 'sections' ? view.sections : [];
}

/** The repaired messages of a refused input, by field. */
export function refusals(tool: Tool, raw: JsonObject): string[] {
  const parsed = tool.input.safeParse(raw);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** The OpsError a promise ends in. */
export async function failureOf(promise: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  const ended = await promise.then(
    () => undefined,
    (error: { code: string; message: string; hint: string }) => error,
  );
  if (ended === undefined) throw new Error('it did not fail');
  return ended;
}
