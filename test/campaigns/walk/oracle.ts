import { type Approval, isOver } from '../../../approvals/approval.ts';
import { planDigest } from '../../../approvals/plan.ts';
import type { Verdict } from '../../../cards/view.ts';
import type { JsonObject } from '../../../lib/json.ts';
import type { WriteCall } from '../../approvals/recording-aws.ts';
import type { Estate } from './estate.ts';
import { isAllowed } from './transitions.ts';
import type { Move } from './witness.ts';

/** What somebody just said of a change; `holds` when it points at it rightly. */
export interface Utterance {
  id: string;
  who: string;
  verdict: Verdict;
  holds: boolean;
  /** They had just signed in to the console. */
  fresh: boolean;
}

/** A change as it was when it was asked for, by what the walk itself knows. */
interface Asked {
  digest: string;
  target: string;
  risk: string;
  requester: string;
  params: JsonObject;
  expiresAt: number;
  facts: string;
  approvers: string[];
  approvedAt?: number;
  claimedAt?: number;
  state: Approval['state'];
  /** Type of the record of its newest move. */
  by?: string;
}

/** The limits of the walk's policy file, as numbers that the oracle counts by itself. */
export const LIMITS = { per_hour: 4, concurrent: 2, cooldown_minutes: 5, pending_per_person: 3 } as const;

const MINUTE = 60_000;
const RANK = ['viewer', 'engineer', 'senior-engineer', 'ops-lead', 'admin'];
const MAY_APPROVE: Readonly<Record<string, number>> = { low: 0, medium: 1, high: 2, critical: 3 };
const QUORUM: Readonly<Record<string, number>> = { low: 1, medium: 1, high: 2, critical: 2 };
/** A program: it proposes as its role allows, and decides nothing. */
const SERVICE = 'service:ci';
const FRESH: ReadonlySet<string> = new Set(['high', 'critical']);
const ROLES: Readonly<Record<string, string>> = {
  ...{ alice: 'engineer', bob: 'ops-lead', carol: 'viewer', dave: 'senior-engineer', erin: 'admin' },
  [SERVICE]: 'engineer',
};

const rankOf = (who: string): number => RANK.indexOf(ROLES[who] ?? '');
export const nameOf = (person: string): string => person.split('@')[0] ?? '';

interface World {
  now(): number;
  estate: Estate;
  paused(): boolean;
  /** Whether the files of people and rules can be read. */
  readable(): boolean;
  present(who: string): boolean;
}

/** Judges every committed move and every call by what the walk knows, and never by what the house says of itself. */
export class Oracle {
  readonly violations: string[] = [];
  readonly transitions = new Map<string, number>();
  readonly asked = new Map<string, Asked>();
  /** Changes that were killed before their call and read back as made, because another change made the same. */
  madeByOthers = 0;
  /** Said in the step that is under way. */
  said: Utterance[] = [];
  readonly #world: World;
  readonly #calls = new Map<string, number>();
  readonly #starts: number[] = [];
  readonly #resting = new Map<string, number>();
  readonly #rejected = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  get calls(): number {
    return [...this.#calls.values()].reduce((sum, count) => sum + count, 0);
  }

  broken = (because: string): void => {
    this.violations.push(because);
  };

  moved = ({ before, after, record }: Move): void => {
    const transition = `${before?.state ?? '∅'} → ${after.state}: ${record?.type ?? 'no record'}`;
    this.transitions.set(transition, (this.transitions.get(transition) ?? 0) + 1);
    if (!isAllowed(transition)) this.broken(`not allowed: ${transition}`);
    if (record?.change_id !== after.id || record.to !== after.state)
      this.broken(`record of another move: ${transition}`);
    if (before && isOver(before.state) && before.state !== after.state) this.broken(`left its end: ${transition}`);
    const asked = this.asked.get(after.id);
    if (!before) this.#judgeProposal(after);
    else if (asked) this.#judgeMove(asked, before, after, record?.type);
    else this.broken('moved without being asked for');
  };

  #judgeMove(asked: Asked, before: Approval, after: Approval, type: string | undefined): void {
    if (after.votes.length > before.votes.length) this.#judgeVote(asked, after);
    if (after.state === 'executing' && asked.state === 'approved') this.#judgeClaim(asked, after);
    if (after.state === 'failed' && type === 'change_outcome')
      this.#resting.set(asked.target, this.#world.now() + LIMITS.cooldown_minutes * MINUTE);
    if (after.state === 'rejected') this.#rejected.set(sameAs(asked.params), this.#world.now());
    if (asked.state !== after.state) asked.by = type;
    asked.state = after.state;
  }

  /** A call that would have changed AWS, at the moment it leaves. */
  called = ({ operation, input, permit }: WriteCall): void => {
    const id = permit?.changeId ?? '';
    const asked = this.asked.get(id);
    this.#calls.set(id, (this.#calls.get(id) ?? 0) + 1);
    if (!asked) {
      this.broken(`${operation} without a change`);
      return;
    }
    if ((this.#calls.get(id) ?? 0) > 1) this.broken('called twice');
    if (asked.state !== 'executing') this.broken(`called while ${asked.state}`);
    if (this.#world.now() >= (asked.claimedAt ?? 0) + 10_000) this.broken('called long after its claim');
    if (!JSON.stringify(input).includes(asked.target)) this.broken('called for another target');
  };

  /** When all has come to rest: what is said to be done was done, once. */
  judgeEnd(): void {
    for (const [id, { state, by, params }] of this.asked) {
      if (!isOver(state)) this.broken(`stays ${state}`);
      if (state === 'succeeded' && !this.#calls.has(id)) this.#judgeWithoutCall(by, params);
      if (['rejected', 'cancelled', 'expired', 'invalidated'].includes(state) && this.#calls.has(id))
        this.broken(`${state} and called`);
    }
  }

  /** A number of tasks that is read back as it was approved was made; whose call made it, the reading cannot tell. */
  #judgeWithoutCall(by: string | undefined, params: JsonObject): void {
    if (by === 'change_reconciled' && 'desired_count' in params) this.madeByOthers += 1;
    else this.broken('succeeded without a call');
  }

  #judgeProposal({ id, plan, digest }: Approval): void {
    const requester = nameOf(plan.requester);
    const target = targetOf(plan.params);
    const waiting = [...this.asked.values()].filter((one) => one.state === 'pending' && one.requester === requester);
    const rejectedAt = this.#rejected.get(sameAs(plan.params));
    const { estate, now } = this.#world;
    if (rankOf(requester) < 1) this.broken('asked for by somebody who may not');
    if (!estate.isManaged(target)) this.broken('asked for an unmanaged target');
    if (waiting.length >= LIMITS.pending_per_person) this.broken('more wait than one person may have');
    this.#judgeMoment('asked for');
    if (rejectedAt !== undefined && now() < rejectedAt + MINUTE) this.broken('asked for right after a rejection');
    if (planDigest(plan) !== digest) this.broken('stored with another digest');
    this.asked.set(id, {
      ...{ digest, target, risk: plan.risk, requester, params: plan.params as JsonObject, state: 'pending' },
      ...{ expiresAt: now() + 15 * MINUTE, facts: estate.factsOf(target), approvers: [] },
    });
  }

  #judgeVote(asked: Asked, { id, votes }: Approval): void {
    const cast = votes.at(-1);
    const who = nameOf(cast?.person ?? '');
    const now = this.#world.now();
    const heard = this.said.filter(
      (one) => one.id === id && one.who === who && one.verdict === cast?.verdict && one.holds,
    );
    if (heard.length === 0) this.broken('a vote nobody cast on this card');
    if (asked.state === 'pending' && now >= asked.expiresAt) this.broken('a vote after the expiry');
    const mayDecide = cast?.verdict === 'cancel' ? who === asked.requester : mayApprove(who, asked);
    if (!mayDecide) this.broken(`${cast?.verdict} by somebody who may not`);
    if (cast?.verdict !== 'approve') return;
    if (who === asked.requester && isSensitive(asked)) this.broken('approved by the requester');
    if (FRESH.has(asked.risk) && !heard.some(({ fresh }) => fresh)) this.broken('approved without a fresh sign-in');
    this.#judgeMoment('approved');
    if (asked.approvers.includes(who)) this.broken('approved twice by one person');
    asked.approvers.push(who);
    if (asked.approvers.length >= (QUORUM[asked.risk] ?? 9)) asked.approvedAt = now;
  }

  /** When nothing goes on, whoever asks. */
  #judgeMoment(what: string): void {
    if (this.#world.paused()) this.broken(`${what} while paused`);
    if (!this.#world.readable()) this.broken(`${what} without readable rules`);
  }

  #judgeClaim(asked: Asked, { plan, digest }: Approval): void {
    const { now: clock, estate, present } = this.#world;
    const now = clock();
    const others = [...this.asked.values()].filter((one) => one !== asked && one.state === 'executing');
    const lastHour = this.#starts.filter((at) => at > now - 60 * MINUTE).length;
    const people = new Set(asked.approvers);
    if (people.size < (QUORUM[asked.risk] ?? 9)) this.broken('claimed without its quorum');
    if (digest !== asked.digest || planDigest(plan) !== asked.digest) this.broken('claimed with another plan');
    if (now >= (asked.approvedAt ?? 0) + 2 * MINUTE) this.broken('claimed after its deadline');
    this.#judgeMoment('claimed');
    if (estate.factsOf(asked.target) !== asked.facts) this.broken('claimed in another world');
    if (!estate.isManaged(asked.target)) this.broken('claimed for an unmanaged target');
    if (lastHour >= LIMITS.per_hour) this.broken('claimed beyond the hourly limit');
    if (others.length >= LIMITS.concurrent) this.broken('claimed beyond the concurrent limit');
    if (others.some(({ target }) => target === asked.target)) this.broken('claimed beside another on its target');
    if (now < (this.#resting.get(asked.target) ?? 0)) this.broken('claimed while its target rests');
    if (![...people, asked.requester].every((who) => who === SERVICE || present(who)))
      this.broken('claimed for somebody who left');
    this.#starts.push(now);
    asked.claimedAt = now;
  }
}

const targetOf = (params: object): string =>
  'instance_id' in params ? String(params.instance_id) : 'service' in params ? String(params.service) : '';

/** The same change, whatever reason is given for it. */
const sameAs = (params: JsonObject): string => JSON.stringify({ ...params, reason: undefined });

const PRODUCTION: ReadonlySet<string> = new Set(['i-0decade01faced0a1', 'checkout']);
const isSensitive = ({ risk, target }: Asked): boolean => risk === 'high' || PRODUCTION.has(target);
const mayApprove = (who: string, { risk }: Asked): boolean =>
  who !== SERVICE && rankOf(who) >= (MAY_APPROVE[risk] ?? 9);
