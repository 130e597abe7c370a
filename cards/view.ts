import type { MODES } from '../lib/modes.ts';

/** What the house shows a person, without a word of Adaptive Cards or Block Kit. Each dialect renders every kind. */
export type View =
  | MessageView
  | FactsView
  | TableView
  | SectionsView
  | ChartView
  | ApprovalView
  | RefusalView
  | FailureView
  | QuestionView
  | MenuView
  | HelpView
  | ProgressView;

export type ViewKind = View['kind'];

/** One glyph at most, and never colour alone. */
export type Status = 'good' | 'warning' | 'bad' | 'waiting' | 'neutral';

export type Mode = (typeof MODES)[number];

/** Where and when the facts were read. Shown on every card that came from AWS. */
export interface Source {
  account: string;
  accountAlias?: string;
  region: string;
  /** ISO 8601, UTC. */
  at: string;
  mode: Mode;
}

/** Plain text, a moment (shown in the reader's zone where the platform can), or text with a status. */
export type Cell = string | { at: string } | { text: string; status: Status };

export interface Field {
  label: string;
  value: Cell;
}

/** What a press does. A press carries ids only; everything else is looked up in the store. */
export type Action =
  /** As if the person had typed `text`. */
  | { kind: 'say'; label: string; text: string; style?: 'primary' | 'danger' }
  | {
      kind: 'decide';
      label: string;
      verdict: Verdict;
      approvalId: string;
      /** The whole plan digest of the card that was looked at; another digest in the store refuses the press. */
      digest: string;
      style?: 'primary' | 'danger';
      /** `required`: the platform asks for a reason first. */
      reason: 'required' | 'none';
    }
  | { kind: 'link'; label: string; url: string };

export const VERDICTS = ['approve', 'reject', 'cancel'] as const;
export type Verdict = (typeof VERDICTS)[number];

interface Common {
  title: string;
  status?: Status;
  source?: Source;
  correlationId?: string;
  actions?: Action[];
  /** One quiet line under the content: limits of the answer, how it was understood. */
  note?: string;
  /** A model wrote its text, and the card says so. */
  aiWritten?: boolean;
}

export interface MessageView extends Common {
  kind: 'message';
  body: string;
}

export interface FactsView extends Common {
  kind: 'facts';
  fields: Field[];
}

export interface TableView extends Common {
  kind: 'table';
  columns: string[];
  /** Every row has as many cells as there are columns. */
  rows: Cell[][];
  /** Shown instead of the table when there are no rows: what was searched, and where. */
  empty: string;
}

export interface SectionsView extends Common {
  kind: 'sections';
  sections: { heading: string; fields?: Field[]; series?: Series[]; columns?: string[]; rows?: Cell[][] }[];
}

export interface Series {
  label: string;
  /** 'percent', 'bytes/s', 'count' …: the unit of every value. */
  unit: string;
  /** Oldest first; `null` where there was no data. */
  points: { at: string; value: number | null }[];
}

export interface ChartView extends Common {
  kind: 'chart';
  fields: Field[];
  series: Series[];
}

export const RISKS = ['low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

export const APPROVAL_STATES = [
  'pending',
  'approved',
  'executing',
  'succeeded',
  'failed',
  'unknown',
  'rejected',
  'expired',
  'cancelled',
  'invalidated',
  'superseded',
  'closed_unknown',
] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

export interface Vote {
  person: string;
  verdict: Verdict;
  /** ISO 8601, UTC. */
  at: string;
  reason?: string;
}

/** Written by code from the stored plan, never by a model (G6). The same kind shows every state of a change. */
export interface ApprovalView extends Common {
  kind: 'approval';
  approvalId: string;
  state: ApprovalState;
  /** 'Reboot EC2 instance i-0abc (web-1)'. */
  action: string;
  target: string;
  changes: { field: string; before: string; after: string }[];
  risk: Risk;
  riskReasons: string[];
  impact: { downtime: string; affected: string[]; recovery: string };
  requester: string;
  reason?: string;
  /** ISO 8601, UTC: no vote counts at or after it. */
  expiresAt: string;
  /** First 12 hex of the plan digest. */
  digestPrefix: string;
  /** Distinct people who must approve. */
  quorum: number;
  votes: Vote[];
  /** 'ops-lead, admin or senior-engineer'. */
  mayApprove: string;
  /** E-mails of up to 60 people whose yes may count while it is pending; the gate asks again when they press. */
  deciders?: string[];
  warnings: string[];
  /** After a decision: what happened, one line each, from the store and AWS evidence only. */
  outcome: string[];
  /** Only on the copy given to the requester at the proposal: `approve-…`, works as text. */
  token?: string;
}

/** No, and here is the rule, why, who may, and what to do next. */
export interface RefusalView extends Common {
  kind: 'refusal';
  rule: string;
  because: string;
  whoMay?: string;
  next: string;
}

/** Something broke: what, and the repair. */
export interface FailureView extends Common {
  kind: 'failure';
  code: string;
  message: string;
  hint: string;
  /** AWS code, request id, the exact query. */
  fields: Field[];
}

export interface QuestionView extends Common {
  kind: 'question';
  question: string;
}

/** Not understood: the nearest commands, each works when pasted. */
export interface MenuView extends Common {
  kind: 'menu';
  body: string;
  examples: { text: string; summary: string }[];
}

export interface HelpView extends Common {
  kind: 'help';
  body: string;
  commands: { usage: string; summary: string; example: string; effect: 'read' | 'workflow' | 'write' | 'approval' }[];
}

export interface ProgressView extends Common {
  kind: 'progress';
  steps: { text: string; state: 'done' | 'running' | 'waiting' }[];
}
