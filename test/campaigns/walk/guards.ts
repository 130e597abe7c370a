import { type Approval, approvalKind } from '../../../approvals/approval.ts';
import type { Gate } from '../../../approvals/gate.ts';
import type { GateParts } from '../../../approvals/gate-parts.ts';
import { localPeople } from '../../../approvals/people.ts';
import type { Settings } from '../../../approvals/settings.ts';
import type { Store } from '../../../store/store.ts';
import type { WritePermit } from '../../../tools/aws/aws.ts';
import { mintPermit } from '../../../tools/aws/permit.ts';
import type { Tool } from '../../../tools/tool.ts';
import { approvalsReadAs } from '../approvals-read-as.ts';
import { swallowing } from '../audit-down/faults.ts';
import { withoutDigestCheck } from '../digest/forged-rows.ts';
import { withoutStateCheck } from '../replays/effects.ts';

/** How one guard is taken out of a house: between it and its store, among its parts, or at its door. */
export interface Removal {
  /** How what the oracle says begins, when it is this guard that is missed. */
  missed: string;
  through?: (store: Store) => Store;
  spoil?: (parts: GateParts) => void;
  door?: (gate: Gate) => Gate;
}

const FAR = '2099-01-01T00:00:00.000Z';

/** The guards between a sentence and a call of AWS, each with the way to take it out. */
export const REMOVALS = {
  'digest of the plan': { missed: 'claimed with another plan', through: withoutDigestCheck },
  'digest of the card': { missed: 'a vote nobody cast on this card', door: withoutCardDigest },
  'token of the change': { missed: 'a vote nobody cast on this card', through: takingAnyToken },
  'state of the change': { missed: 'not allowed', through: withoutStateCheck },
  'version of the change': { missed: 'not allowed', through: lastWriteWins },
  'expiry of a proposal': {
    missed: 'a vote after the expiry',
    through: (store) => undated(approvalsReadAs((row) => ({ ...row, expires_at: FAR }))(store)),
  },
  'deadline of an approval': {
    missed: 'claimed after its deadline',
    through: (store) => undated(approvalsReadAs(withLateDeadline)(store)),
  },
  quorum: {
    missed: 'claimed without its quorum',
    spoil: withSettings((settings) => ({ ...settings, quorum: { low: 1, medium: 1, high: 1, critical: 1 } })),
  },
  'distinct people': {
    missed: 'approved twice by one person',
    through: approvalsReadAs(withVotesOfAliases),
    spoil: knowAliases,
  },
  'nobody approves their own': { missed: 'approved by the requester', spoil: ignoring('own-change') },
  'fresh sign-in': {
    missed: 'approved without a fresh sign-in',
    spoil: (parts) => {
      parts.stepUp = undefined;
    },
  },
  'role of an approver': {
    missed: 'approve by somebody who may not',
    spoil: ignoring('approve-low', 'approve-medium', 'approve-high'),
  },
  'services decide nothing': { missed: 'approve by somebody who may not', door: takenForPeople },
  'role of a requester': { missed: 'asked for by somebody who may not', spoil: ignoring('proposals') },
  'people still listed': { missed: 'claimed for somebody who left', spoil: rememberPeople },
  'guard tag': { missed: 'asked for an unmanaged target', spoil: ignoring('managed-tag') },
  'same world': { missed: 'claimed in another world', spoil: rememberNothing },
  pause: { missed: 'claimed while paused', through: (store) => hiding('pause')(store) },
  'readable rules': { missed: 'claimed without readable rules', spoil: readAnyway },
  'lock of the resource': { missed: 'claimed beside another on its target', through: hiding('resource_lock') },
  'hourly limit': { missed: 'claimed beyond the hourly limit', spoil: withLimits({ per_hour: 1_000 }) },
  'concurrent limit': { missed: 'claimed beyond the concurrent limit', spoil: withLimits({ concurrent: 20 }) },
  'rest after a failure': { missed: 'claimed while its target rests', spoil: withLimits({ cooldown_minutes: 0 }) },
  'pending limit': { missed: 'more wait than one person may have', spoil: withLimits({ pending_per_person: 100 }) },
  'rest after a rejection': { missed: 'asked for right after a rejection', through: hiding('rejection') },
  'permit of a call': {
    missed: 'rebootInstances without a change',
    spoil: withPermits((permit) => permit ?? mintPermit('nothing', 0, () => true)),
  },
  'time of a permit': {
    missed: 'called long after its claim',
    spoil: withPermits((permit) => permit && mintPermit(permit.changeId, permit.fence, () => true)),
  },
  'record with the move': { missed: 'not allowed: ∅ → pending: no record', spoil: recordNothing },
  'audit that fails aloud': {
    missed: 'called while ',
    spoil: (parts) => {
      parts.audit = swallowing(parts.audit);
    },
  },
} satisfies Readonly<Record<string, Removal>>;

export type Guard = keyof typeof REMOVALS;
export const GUARDS = Object.keys(REMOVALS) as Guard[];

const withLateDeadline = (row: Approval): Approval => (row.exec_deadline ? { ...row, exec_deadline: FAR } : row);

const person = (alias: string): string => alias.split('#')[0] ?? '';

/** Each vote is somebody else's. */
function withVotesOfAliases(row: Approval): Approval {
  return { ...row, votes: row.votes.map((vote, place) => ({ ...vote, person: `${person(vote.person)}#${place}` })) };
}

function knowAliases(parts: GateParts): void {
  const { people } = parts;
  parts.people = { ...people, find: (id) => people.find(person(id)) };
}

function withoutCardDigest(gate: Gate): Gate {
  return {
    ...gate,
    decide: (call, who) =>
      gate.decide({ ...call, by: 'token' in call.by ? call.by : { approvalId: call.by.approvalId } }, who),
  };
}

/** Whoever decides is taken for a human being. */
function takenForPeople(gate: Gate): Gate {
  return {
    ...gate,
    decide: (call, { person: { service: _, ...person }, ...who }) => gate.decide(call, { ...who, person }),
  };
}

/** A token that is nobody's leads to the newest change that waits. */
function takingAnyToken(store: Store): Store {
  return {
    ...store,
    async query(kind, query) {
      const page = await store.query(kind, query);
      if (query.index !== 'by_token' || page.rows.length > 0) return page;
      return store.query(kind, { index: 'by_list', partition: 'pending', newestFirst: true, limit: 1 });
    },
  };
}

/** No deadline is compared in the transaction. */
const undated = (store: Store): Store => ({ ...store, transact: (writes) => store.transact(writes) });

function lastWriteWins(store: Store): Store {
  return {
    ...store,
    async transact(writes, options) {
      const newest = writes.map(async (write) => {
        if (write.op !== 'update' || write.kind.name !== approvalKind.name) return write;
        return { ...write, version: (await store.get(approvalKind, write.id))?.version ?? write.version };
      });
      return store.transact(await Promise.all(newest), options);
    },
  };
}

/** Rows of this kind are never found, never demanded, and never in the way. */
function hiding(name: string): (store: Store) => Store {
  return (store) => ({
    ...store,
    get: async (kind, id) => (kind.name === name ? undefined : store.get(kind, id)),
    transact: (writes, options) =>
      store.transact(
        writes.filter(({ kind }) => kind.name !== name),
        options,
      ),
  });
}

/** A file that cannot be read counts as fresh. */
function readAnyway(parts: GateParts): void {
  const { settings, peopleState } = parts;
  parts.settings = () => ({ state: 'fresh', value: settings().value });
  parts.peopleState = () => ({ state: 'fresh', value: peopleState().value });
}

function withSettings(change: (settings: Settings) => Settings): (parts: GateParts) => void {
  return (parts) => {
    const { settings } = parts;
    parts.settings = () => ({ ...settings(), value: change(settings().value) });
  };
}

function withLimits(limits: Partial<Settings['limits']>): (parts: GateParts) => void {
  return withSettings((settings) => ({ ...settings, limits: { ...settings.limits, ...limits } }));
}

/** What these rules refuse is allowed. */
function ignoring(...rules: readonly string[]): (parts: GateParts) => void {
  return (parts) => {
    const { policy } = parts;
    parts.policy = {
      ...policy,
      ask(who, question) {
        const answer = policy.ask(who, question);
        return !answer.allowed && rules.includes(answer.rule) ? { allowed: true } : answer;
      },
    };
  };
}

function rememberPeople(parts: GateParts): void {
  const { people } = parts;
  parts.people = { ...people, find: (id) => people.find(id) ?? localPeople.find((one) => one.id === id) };
}

/** Every reading of the world gives the same snapshot. */
function rememberNothing(parts: GateParts): void {
  const blind = (tool: Tool): Tool =>
    tool.effect === 'write'
      ? { ...tool, plan: async (input, context) => ({ ...(await tool.plan(input, context)), snapshot: {} }) }
      : tool;
  parts.tools = new Map([...parts.tools].map(([name, tool]) => [name, blind(tool)]));
}

function withPermits(change: (permit: WritePermit | undefined) => WritePermit | undefined) {
  return (parts: GateParts): void => {
    const { aws } = parts;
    parts.aws = { open: (request) => aws.open({ ...request, permit: change(request.permit) }) };
  };
}

/** Moves are committed, their records are not. */
function recordNothing(parts: GateParts): void {
  const { store } = parts;
  parts.audit = { commit: (writes, _facts, options) => store.transact(writes, options), record: async () => {} };
}
