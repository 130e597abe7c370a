import { z } from 'zod';
import { newId } from '../../../lib/ids.ts';
import { type Kind, put, type Store, type Stored, update } from '../../../store/store.ts';
import { serviceError } from './service-error.ts';

const Deed = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reboot'), instanceId: z.string() }),
  z.object({ kind: z.literal('scale'), cluster: z.string(), service: z.string(), desired: z.number().int() }),
]);
export type Deed = z.output<typeof Deed>;

const Change = z.object({
  id: z.string(),
  region: z.string(),
  /** Epoch ms. */
  at: z.number(),
  /** Session name, as CloudTrail shows it. */
  by: z.string(),
  /** As the caller named itself; older records do not say. */
  agent: z.string().default('OpsAgent'),
  effect: Deed,
});
export type Change = z.output<typeof Change>;

const History = z.object({ region: z.string(), resource: z.string(), changes: z.array(Change) });
type History = z.output<typeof History>;

/** Every change made to the simulated estate, for CloudTrail. */
const simChange: Kind<Change> = {
  name: 'sim_change',
  schema: Change,
  indexes: { region: ({ region, at, id }) => ({ partition: region, sort: `${new Date(at).toISOString()} ${id}` }) },
};

/** What was last done to each resource: one row each, so the world is read in one page however long it has run. */
const simResource: Kind<History> = {
  name: 'sim_resource',
  schema: History,
  indexes: { region: ({ region, resource }) => ({ partition: region, sort: resource }) },
};

/** The first change heals for good and the recent ones show in the metrics: the middle of a long story can go. */
const KEPT = 20;

export function resourceOf(deed: Deed): string {
  return deed.kind === 'reboot' ? deed.instanceId : `${deed.cluster}/${deed.service}`;
}

/** Changes of one Region by resource, oldest first. */
export async function readHistories(store: Store, region: string): Promise<ReadonlyMap<string, readonly Change[]>> {
  const { rows } = await store.query(simResource, { index: 'region', partition: region, limit: 200 });
  return new Map(rows.map(({ value }) => [value.resource, value.changes]));
}

/** Changes of one Region in a window of time, newest first, one page of the store at a time. */
export async function readChanges(store: Store, region: string, fromMs: number, toMs: number): Promise<Change[]> {
  const changes: Change[] = [];
  let after: string | undefined;
  do {
    const page = await store.query(simChange, {
      index: 'region',
      partition: region,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs + 1).toISOString(),
      newestFirst: true,
      limit: 200,
      after,
    });
    changes.push(...page.rows.map(({ value }) => value));
    after = page.next;
  } while (after !== undefined && changes.length < 2000);
  return changes;
}

/** Stores a change once; another process changing the same resource at the same moment goes first or second, never over it. */
export async function recordChange(store: Store, facts: Omit<Change, 'id'>): Promise<void> {
  const change: Change = { ...facts, id: newId('chg') };
  const resource = resourceOf(change.effect);
  const id = `${change.region}/${resource}`;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const row = await store.get(simResource, id);
    const history = nextHistory(row, change, resource);
    const writes = [
      put(simChange, change.id, change),
      row ? update(simResource, row, history) : put(simResource, id, history),
    ];
    if ((await store.transact(writes)).committed) return;
  }
  throw serviceError('ServiceUnavailable', 503, 'The service is busy. Try again.');
}

function nextHistory(row: Stored<History> | undefined, change: Change, resource: string): History {
  const changes = [...(row?.value.changes ?? []), change].sort((a, b) => a.at - b.at);
  if (changes.length > KEPT) changes.splice(1, changes.length - KEPT);
  return { region: change.region, resource, changes };
}
