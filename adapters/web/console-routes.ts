import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { ok, problem, type Reply } from '../http/reply.ts';
import { type ChainWalk, createChainWalk } from './chain-walk.ts';
import type { AuditQuery, ConsoleData } from './console-data.ts';
import { withoutToken } from './messages.ts';
import { pageCard } from './page-card.ts';
import { parse, queryObject } from './parse.ts';
import type { Call, Route } from './route.ts';
import { type SessionParts, sessionReply } from './session-reply.ts';

const limit = z.coerce.number().int().min(1).max(200).default(50);
const after = z.string().max(500).optional();
const word = z.string().max(200).optional();
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'is not an ISO 8601 date or time')
  .transform((value) => new Date(value).toISOString())
  .optional();

const ApprovalsQuery = z.strictObject({ state: z.enum(['pending', 'decided']).default('pending'), limit, after });
const AuditFilters = z.strictObject({
  person: word,
  tool: word,
  outcome: word,
  change: word,
  from: moment,
  to: moment,
  limit,
  after,
});
const ChainQuery = z.strictObject({ fresh: z.literal('1').optional() });

interface Parts extends SessionParts {
  clock: Clock;
}

/** What the console's pages read: session, approvals, audit, tools. */
export function consoleRoutes({ config, data, channels, identify, signIn, clock }: Parts): Route[] {
  const chain = createChainWalk(() => data.chain(), clock);
  return [
    {
      method: 'GET',
      path: '/api/session',
      open: true,
      answer: ({ request }) => sessionReply({ config, data, channels, identify, signIn, clock }, request),
    },
    {
      method: 'GET',
      path: '/approvals/:id',
      open: true,
      answer: async ({ parameters, url }) => toConsole(parameters, url),
    },
    { method: 'GET', path: '/api/approvals', answer: (call) => listApprovals(call, data) },
    { method: 'GET', path: '/api/approvals/:id', answer: (call) => oneApproval(call, data) },
    { method: 'GET', path: '/api/audit', answer: (call) => listAudit(call, data) },
    { method: 'GET', path: '/api/audit/chain', answer: (call) => chainState(call, chain) },
    { method: 'GET', path: '/api/audit/choices', answer: async () => ok(data.auditChoices()) },
  ];
}

/** Links from elsewhere, without '#': servers on the way would never see what is behind it. They open a page; they decide nothing. */
function toConsole({ id = '' }: Call['parameters'], { searchParams }: URL): Reply {
  if (!/^[\w-]{1,64}$/.test(id)) return notFound();
  const token = searchParams.get('step_up');
  const query = token !== null && /^[\w.-]{1,1000}$/.test(token) ? `?step_up=${token}` : '';
  return { status: 303, body: '', headers: { location: `/#/approvals/${id}${query}` } };
}

async function listApprovals({ query }: Call, data: ConsoleData): Promise<Reply> {
  const asked = parse(ApprovalsQuery, queryObject(query), 'Use state=pending or state=decided, limit from 1 to 200.');
  if ('refused' in asked) return asked.refused;
  const { approvals, next } = await data.approvals(asked.value);
  return ok({ approvals: approvals.map((approval) => ({ view: withoutToken(approval) })), next });
}

async function oneApproval({ parameters }: Call, data: ConsoleData): Promise<Reply> {
  const found = await data.approval(parameters.id ?? '');
  if (!found) return notFound();
  const view = withoutToken(found.approval);
  return ok({ view, card: await pageCard(view), history: found.history });
}

const notFound = (): Reply =>
  problem(404, {
    code: 'not_found',
    message: 'There is no approval with this id.',
    hint: 'The Approvals page lists the pending and the decided ones.',
  });

async function chainState({ query }: Call, chain: ChainWalk): Promise<Reply> {
  const asked = parse(ChainQuery, queryObject(query), 'fresh=1 walks the whole record anew.');
  return 'refused' in asked ? asked.refused : ok(await chain.state(asked.value.fresh ? 'fresh' : 'recent'));
}

async function listAudit({ query }: Call, data: ConsoleData): Promise<Reply> {
  const hint = 'Filters: person, tool, outcome, change, from and to (ISO 8601), limit from 1 to 200, after.';
  const asked = parse(AuditFilters, queryObject(query), hint);
  if ('refused' in asked) return asked.refused;
  const { change, ...filters } = asked.value;
  const wanted = { ...filters, changeId: change };
  const { entries, next } = await data.audit(wanted);
  return ok({ entries, next: next && (await isTheEnd(data, { ...wanted, after: next })) ? undefined : next });
}

/** A filtered page may be full though nothing after it passes the filter: nobody is offered an empty next page. */
async function isTheEnd(data: ConsoleData, { outcome, from, ...query }: AuditQuery): Promise<boolean> {
  if (!outcome && !from) return false;
  const { entries, next } = await data.audit({ ...query, outcome, from, limit: 200 });
  return entries.length === 0 && next === undefined;
}
