import { RISKS, type Risk } from '../cards/view.ts';
import { readablePage } from '../store/readable-page.ts';
import type { ListedPerson, RecordedChange, RecordedEvent, Records, Sighting } from '../tools/records.ts';
import { linkedAccounts } from './account-link.ts';
import { type Approval, approvalKind } from './approval.ts';
import { type AuditRecord, auditKind } from './audit-record.ts';
import type { GateParts } from './gate-parts.ts';
import type { Person } from './people.ts';
import { guardTarget } from './plan.ts';
import { recordedIn } from './recorded-span.ts';

const MOST_CHANGES = 2_000;
const MOST_PENDING = 1_000;
const PAGE = 200;
/** Channels where an account is linked to a person at first sight. */
const LINKED = ['slack', 'teams'];
/** So many people are looked up side by side. */
const AT_ONCE = 20;

type Parts = Pick<GateParts, 'store' | 'log' | 'policy' | 'people' | 'environment' | 'ownKeys'>;

/** What reports are made of. `signal` ends a long reading. */
export function recordsFor(parts: Parts, signal: AbortSignal): Records {
  const { policy, people, environment } = parts;
  return {
    people: () => [...people.list(), ...people.services()].map((person) => listed(parts, person)),
    sightings: (ids) => inTurns(ids, (id) => sighting(parts, id)),
    approvers: (risk) => policy.whoMay(approval(risk)),
    async events(span) {
      const { items, since } = await recordedIn({ ...parts, signal }, span);
      return { items: items.map(eventOf), since };
    },
    async changes({ from, to }) {
      const list = { index: 'by_update', partition: 'all', from: new Date(from).toISOString() };
      const { items, isAll } = await changesIn(parts, list, MOST_CHANGES, signal);
      const oldest = items.at(-1)?.updatedAt ?? from;
      return { items: items.filter(({ createdAt }) => createdAt < to), since: isAll ? from : oldest };
    },
    async pending() {
      const { items, isAll } = await changesIn(parts, { index: 'by_list', partition: 'pending' }, MOST_PENDING, signal);
      return { items, since: isAll ? 0 : (items.at(-1)?.createdAt ?? 0) };
    },
    ownKeys: () => parts.ownKeys?.() ?? [],
    whyUnchangeable({ arn, tags }) {
      const target = guardTarget({ arn, id: arn, label: '', tags: { ...tags } }, environment);
      const answer = policy.ask(HIGHEST, { action: 'change', target, risk: 'low' });
      return answer.allowed ? undefined : { rule: answer.rule, because: answer.because, next: answer.next };
    },
  };
}

/** Whoever may do the most: what stops even them is the target itself. */
const HIGHEST: Pick<Person, 'id' | 'roles'> = { id: 'role:admin', roles: ['admin'] };

/** Of somebody else, on what may be changed at all. */
const approval = (risk: Risk) =>
  ({
    action: 'approve',
    target: { arn: '', service: 'ec2', managed: true, environmentMatches: true, production: true },
    risk,
    own: false,
  }) as const;

const CALLS = [
  { may: 'read', action: 'read', effect: 'read' },
  { may: 'run workflows', action: 'run', effect: 'workflow' },
  { may: 'propose', action: 'propose', effect: 'write' },
  { may: 'pause', action: 'pause', effect: 'workflow' },
] as const;

function listed({ policy }: Parts, person: Person): ListedPerson {
  const { id, roles, teams } = person;
  const calls = CALLS.filter(({ action, effect }) => policy.ask(person, { action, tool: '', effect }).allowed);
  const highest = RISKS.findLast((risk) => policy.ask(person, approval(risk)).allowed);
  const may = [...calls.map((call) => call.may), ...(highest ? [`approve up to ${highest}`] : [])];
  return { id, roles, teams, may };
}

async function sighting({ store, people }: Parts, id: string): Promise<Sighting> {
  const named = Object.keys(people.find(id)?.accounts ?? {});
  const linked = LINKED.map(async (channel) =>
    (await linkedAccounts(store, channel, id)).length > 0 ? [channel] : [],
  );
  const newest = await store.query(auditKind, { index: 'by_person', partition: id, newestFirst: true, limit: 1 });
  const lastSeen = newest.rows[0] && Date.parse(newest.rows[0].value.ts);
  return { accounts: [...new Set([...named, ...(await Promise.all(linked)).flat()])].sort(), lastSeen };
}

async function inTurns<In, Out>(all: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE)
    done.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(work))));
  return done;
}

interface List {
  index: string;
  partition: string;
  from?: string;
}

async function changesIn(
  parts: Parts,
  list: List,
  most: number,
  signal: AbortSignal,
): Promise<{ items: RecordedChange[]; isAll: boolean }> {
  const items: RecordedChange[] = [];
  let after: string | undefined;
  while (items.length < most) {
    signal.throwIfAborted();
    const page = await readablePage(parts, approvalKind, { ...list, newestFirst: true, limit: PAGE, after });
    items.push(...page.rows.map(({ value }) => changeOf(value)));
    after = page.next;
    if (after === undefined) return { items, isAll: true };
  }
  return { items, isAll: false };
}

function eventOf({ ts, type, actor, tool, outcome, rule }: AuditRecord): RecordedEvent {
  return { at: Date.parse(ts), type, person: actor?.person, tool, outcome, rule };
}

function changeOf({ id, state, plan, votes, created_at, updated_at, expires_at }: Approval): RecordedChange {
  return {
    id,
    state,
    action: plan.action,
    risk: plan.risk,
    requester: plan.requester,
    quorum: plan.quorum,
    createdAt: Date.parse(created_at),
    updatedAt: Date.parse(updated_at),
    expiresAt: Date.parse(expires_at),
    votes: votes.map(({ person, verdict, at }) => ({ person, verdict, at: Date.parse(at) })),
  };
}
