import type { AuditEntry, ChainState, ConsoleData, KnownPerson } from '../../adapters/web/console-data.ts';
import type { Pressed, TurnResult } from '../../bot/turn.ts';
import type { ApprovalView, Mode, Risk, View } from '../../cards/view.ts';
import type { Report, ReportName } from '../../tools/reports/report.ts';

/** Ready-made by the server; only the renderer looks inside. */
export type CardJson = Record<string, unknown>;

interface House {
  mode: Mode;
  environment?: string;
  version: string;
  region: string;
  people: KnownPerson[];
  channels: string[];
}

/** Who is signed in here. Times are ISO 8601, UTC. */
export interface Self extends KnownPerson {
  /** Goes with everything that changes something. */
  csrf: string;
  until: string;
  /** A yes to one of these risks counts until then; without a time it takes another sign-in. */
  stepUp: { risks: Risk[]; until?: string };
}

/** Whoever may speak here, and as whom: one of all people, or themselves. */
export type Speakable = House & ({ signIn: 'switch'; self?: undefined } | { signIn: 'oidc'; self: Self });

export type Session = Speakable | (House & { signIn: 'unavailable'; self?: undefined }) | NotSignedIn;

interface NotSignedIn {
  signIn: 'oidc';
  mode: Mode;
  self?: undefined;
  people?: undefined;
}

/** Where else somebody is signed in. */
export interface OwnSession {
  id: string;
  browser: string;
  since: string;
  seen: string;
  until: string;
  /** This very browser. */
  here: boolean;
}

export interface Message {
  id: string;
  /** ISO 8601, UTC. */
  at: string;
  from: 'person' | 'opsagent';
  person?: { id: string; name: string };
  text?: string;
  view?: View;
  card?: CardJson;
  summary: string;
  /** Grows with every edit of the same message. */
  revision: number;
}

export interface ApprovalDetail {
  view: ApprovalView;
  card: CardJson;
  history: AuditEntry[];
}

export type NewTurn = { id: string; conversation: string } & ({ text: string } | { decision: Pressed });

/** A call that did not succeed. `status` 0 means that the server could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly hint: string;
  readonly correlationId?: string;

  constructor(status: number, message: string, hint: string, correlationId?: string) {
    super(message);
    this.status = status;
    this.hint = hint;
    this.correlationId = correlationId;
  }
}

interface Refusal {
  message?: string;
  hint?: string;
  correlation_id?: string;
}

async function call<Answer>(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, 'OpsAgent could not be reached.', 'Check that the server is running, then try again.');
  }
  // Page and server come from one build, so the answer has the type they share.
  if (response.ok) return (await response.json()) as Answer;
  const { message, hint, correlation_id } = (await response.json().catch(() => ({}))) as Refusal;
  throw new ApiError(
    response.status,
    message ?? `OpsAgent answered with status ${response.status}.`,
    hint ?? 'Try again in a moment. The log of the server says more.',
    correlation_id,
  );
}

export const fetchSession = (): Promise<Session> => call('/api/session', {});

export type Api = ReturnType<typeof createApi>;

/** Whom the calls are made for: somebody of the switcher, or whoever the browser's cookie names. */
export type For = { person: string } | { csrf: string };

/** `onRefused` hears that a call was not taken from this page: the session is over, or another one by now. */
export function createApi(whom: For, onRefused: () => void) {
  const headers: Record<string, string> =
    'person' in whom ? { 'x-opsagent-person': whom.person } : { 'x-csrf-token': whom.csrf };
  const request = async <Answer>(path: string, init: RequestInit): Promise<Answer> => {
    try {
      return await call<Answer>(path, init);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) onRefused();
      throw error;
    }
  };
  const post = <Answer>(path: string, body: object): Promise<Answer> =>
    request(path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const get = <Answer>(path: string, query: Record<string, string | undefined> = {}): Promise<Answer> => {
    const set = Object.entries(query).flatMap(([key, value]): [string, string][] => (value ? [[key, value]] : []));
    const search = set.length > 0 ? `?${new URLSearchParams(set)}` : '';
    return request(`${path}${search}`, { headers });
  };
  return {
    messages: (conversation: string) =>
      get<{ messages: Message[] }>(`/api/conversations/${encodeURIComponent(conversation)}/messages`, { limit: '100' }),
    approvals: (state: 'pending' | 'decided', after?: string) =>
      get<{ approvals: { view: ApprovalView }[]; next?: string }>('/api/approvals', { state, limit: '50', after }),
    approval: (id: string) => get<ApprovalDetail>(`/api/approvals/${encodeURIComponent(id)}`),
    audit: (query: Record<string, string | undefined>) =>
      get<{ entries: AuditEntry[]; next?: string }>('/api/audit', { ...query, limit: '50' }),
    /** `fresh`: the record is walked anew, not a result of the last seconds handed out. */
    chain: (wanted: 'recent' | 'fresh') =>
      get<ChainState>('/api/audit/chain', { fresh: wanted === 'fresh' ? '1' : undefined }),
    report: (name: ReportName, window: string | undefined) => get<Report>(`/api/reports/${name}`, { window }),
    auditChoices: () => get<ReturnType<ConsoleData['auditChoices']>>('/api/audit/choices'),
    /** What somebody says or presses. The same id twice has one effect. */
    turn: (turn: NewTurn) => post<TurnResult>('/api/turns', turn),
    sessions: () => get<{ sessions: OwnSession[] }>('/api/sessions'),
    endSession: (id: string) => post<object>('/api/sessions/end', { id }),
    signOut: () => post<object>('/auth/sign-out', {}),
  };
}
