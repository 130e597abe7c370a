import { standing } from '../cards/wording.ts';
import { sha256Hex } from '../lib/ids.ts';
import { type Committed, put, type Store, type Stored, update, type Write } from '../store/store.ts';
import { type Approval, approvalKind, isOver } from './approval.ts';
import { approvalView } from './approval-view.ts';
import type { AuditActor, AuditFacts } from './audit-record.ts';
import type { GateParts } from './gate-parts.ts';
import { type ChangeEvent, type Refused, step } from './machine.ts';
import { channelsOf, samePlace, say } from './outbox.ts';
import { snapshotHash } from './plan.ts';

type Facts = Pick<AuditFacts, 'type' | 'summary'> & Partial<AuditFacts>;

export interface Move {
  event: ChangeEvent;
  facts: Facts;
  actor?: AuditActor;
  /** Further writes of the same transaction: locks, counters. */
  writes?: readonly Write[];
  before?: number;
}

export type Moved =
  | { moved: true; row: Stored<Approval> }
  | { moved: false; refused: Refused; row: Stored<Approval> }
  /** A row of `writes` was taken by another process. */
  | { moved: false; refused: 'neighbour'; row: Stored<Approval> };

/**
 * One step of a change: state, audit record and what is to be said about it, in one commit. When another process moved the
 * change in between, the event is tried again on the new state, so exactly one decision wins and the others are told.
 *
 * @throws OpsError `audit_unavailable`
 */
export async function move(
  parts: GateParts,
  row: Stored<Approval>,
  { event, facts, actor, writes = [], before }: Move,
): Promise<Moved> {
  let current = row;
  for (;;) {
    const now = parts.clock.now();
    const stepped = step(current.value, event, now);
    if (!stepped.ok) return { moved: false, refused: stepped.refused, row: current };
    const next = stepped.next;
    const all = [update(approvalKind, current, next), ...writes, ...notices(parts, current, next)];
    const committed = await parts.audit.commit(all, describe(current, next, facts, actor), { before });
    if (committed.committed) {
      parts.changed(current.id, channelsOf(all));
      return { moved: true, row: { id: current.id, version: current.version + 1, value: next } };
    }
    if (committed.because === 'late')
      return { moved: false, refused: event.type === 'claim' ? 'too_late_to_execute' : 'expired', row: current };
    if (!isAbout(committed, current.id)) return { moved: false, refused: 'neighbour', row: current };
    const fresh = await parts.store.get(approvalKind, current.id);
    // Gone from the store: there is nothing left to move.
    if (!fresh) return { moved: false, refused: 'not_possible_now', row: current };
    current = fresh;
  }
}

function isAbout(committed: Exclude<Committed, { committed: true }>, id: string): boolean {
  return committed.because === 'conflict' && committed.kind === approvalKind.name && committed.id === id;
}

function describe({ value: from }: Stored<Approval>, to: Approval, facts: Facts, actor?: AuditActor): AuditFacts {
  const { plan } = to;
  return {
    correlation_id: to.correlation_id,
    actor,
    tool: plan.tool,
    change_id: to.id,
    from: from.state,
    to: to.state,
    fence: to.fence,
    plan_digest: to.digest,
    snapshot_hash: snapshotHash(plan.snapshot as never),
    policy_hash: plan.policy_hash,
    targets: plan.targets.map(({ arn }) => arn),
    account: plan.account,
    region: plan.region,
    mode: plan.mode,
    outcome: to.state,
    ...facts,
    // One yes of several is a vote; the last one grants.
    type: facts.type === 'approval_granted' && to.state === 'pending' ? 'vote_recorded' : facts.type,
  };
}

/** The requester hears each end where it was asked, those who were asked to approve under their card; the cards themselves are edited by the dispatcher. */
function notices({ clock }: GateParts, { id }: Stored<Approval>, next: Approval): Write[] {
  const waiting = next.verified?.state === 'waiting';
  if (!isOver(next.state) && next.state !== 'unknown') return [];
  if (waiting) return [];
  const key = next.verified ? `${id}:verified` : `${id}:${next.state}`;
  const view = approvalView(next);
  const { status, words } = standing(view);
  const message = {
    kind: 'message' as const,
    title: next.plan.action,
    status,
    body: [words, ...view.outcome].join('\n'),
    source: view.source,
    correlationId: next.correlation_id,
  };
  const { asked, asked_in: there } = next;
  const others = asked.filter((place) => there === undefined || !samePlace(place, there));
  return [
    ...(there === undefined ? [] : [say(key, there, message, clock.now())]),
    ...others.map((place, index) => say(`${key}:${index + 1}`, place, message, clock.now(), { under: id })),
  ];
}

/** The first commit of a change: the row, its record, and the card for those who may approve. False: `others` conflicted. */
export async function create(
  parts: GateParts,
  approval: Approval,
  facts: AuditFacts,
  others: readonly Write[],
): Promise<boolean> {
  const { committed } = await parts.audit.commit([put(approvalKind, approval.id, approval), ...others], facts);
  if (committed) parts.changed(undefined, channelsOf(others));
  return committed;
}

/** A change by the token of its proposal: whoever has it still has to be somebody who may. */
export async function findByToken(store: Store, token: string): Promise<Stored<Approval> | undefined> {
  const page = await store.query(approvalKind, { index: 'by_token', partition: sha256Hex(token), limit: 1 });
  return page.rows[0];
}

/** A change by its id. */
export function find(store: Store, id: string): Promise<Stored<Approval> | undefined> {
  return store.get(approvalKind, id);
}
