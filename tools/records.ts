import type { Risk } from '../cards/view.ts';

/** Epoch ms: `from` included, `to` excluded. */
export interface Span {
  from: number;
  to: number;
}

/** What was found, and from when on it is all there is: later than asked for where a limit was reached. */
export interface Counted<T> {
  items: T[];
  /** Epoch ms. */
  since: number;
}

/** Somebody on the allow-list, or a program with a key, as the rules of now see them. */
export interface ListedPerson {
  /** E-mail; 'service:<name>' for a program. */
  id: string;
  roles: readonly string[];
  teams: readonly string[];
  /** 'read', 'propose', 'approve up to high': highest last. */
  may: readonly string[];
}

/** How somebody on the list is known elsewhere, and when they were last heard of. */
export interface Sighting {
  /** Channels with an account of theirs: 'slack'. */
  accounts: readonly string[];
  /** Epoch ms of their newest audit record; undefined for somebody who was never here. */
  lastSeen: number | undefined;
}

/** One audit record, as far as reports count it. Words of `type`, `outcome` and `rule` are the record's own. */
export interface RecordedEvent {
  /** Epoch ms. */
  at: number;
  type: string;
  /** E-mail; 'unknown' for somebody who is not on the list; undefined where OpsAgent itself did it. */
  person?: string;
  tool?: string;
  outcome?: string;
  rule?: string;
}

/** One proposed change, as far as reports count it. Times are epoch ms. */
export interface RecordedChange {
  id: string;
  /** 'Reboot EC2 instance i-0abc (web-1)'. */
  action: string;
  state: string;
  risk: Risk;
  /** E-mail. */
  requester: string;
  /** Distinct people who must approve. */
  quorum: number;
  createdAt: number;
  updatedAt: number;
  expiresAt: number;
  votes: readonly { person: string; verdict: string; at: number }[];
}

/** Why nobody could change something, and the repair. */
export interface Unchangeable {
  rule: string;
  because: string;
  next: string;
}

/** A key that OpsAgent itself works with, or lets programs in by. Never the key. */
export interface OwnKey {
  /** 'audit signing key'. */
  name: string;
  /** Epoch ms since when it has been there, as far as that is known. */
  since?: number;
  /** Epoch ms from which it counts no more. */
  endsAt?: number;
  /** What to do when it is old or ends. */
  repair: string;
}

/** What OpsAgent itself knows, for reports. Reads only; nothing here scans a table. */
export interface Records {
  people(): readonly ListedPerson[];
  /** One for each of `people`, in their order. */
  sightings(people: readonly string[]): Promise<Sighting[]>;
  /** The roles that may approve a change of this risk which somebody else proposed, highest first. */
  approvers(risk: Risk): readonly string[];
  /** The newest 10,000 audit records of the span, in no order. */
  events(span: Span): Promise<Counted<RecordedEvent>>;
  /** The newest 2,000 changes that moved in the span or after it, latest move first. */
  changes(span: Span): Promise<Counted<RecordedChange>>;
  /** The newest 1,000 changes that wait for a decision. */
  pending(): Promise<Counted<RecordedChange>>;
  ownKeys(): readonly OwnKey[];
  /** Undefined when the tags let somebody change it. */
  whyUnchangeable(target: { arn: string; tags: Readonly<Record<string, string>> }): Unchangeable | undefined;
}
