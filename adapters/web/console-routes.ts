import { z } from 'zod';
import { renderAdaptive } from '../../cards/adaptive/render.ts';
import type { ApprovalView } from '../../cards/view.ts';
import type { ConsoleData } from './console-data.ts';
import { withoutToken } from './messages.ts';
import type { WebConfig } from './options.ts';
import { parse, queryObject } from './parse.ts';
import { ok, problem, type Reply } from './reply.ts';
import type { Call, Route } from './route.ts';

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

/** What the console's pages read: session, approvals, audit, tools. */
export function consoleRoutes(config: WebConfig, data: ConsoleData, channels: readonly string[]): Route[] {
  return [
    { method: 'GET', path: '/api/session', open: true, answer: async () => ok(session(config, data, channels)) },
    { method: 'GET', path: '/api/approvals', answer: (call) => listApprovals(call, data) },
    { method: 'GET', path: '/api/approvals/:id', answer: (call) => oneApproval(call, data) },
    { method: 'GET', path: '/api/audit', answer: (call) => listAudit(call, data) },
    { method: 'GET', path: '/api/audit/chain', answer: async () => ok(await data.chain()) },
    { method: 'GET', path: '/api/audit/choices', answer: async () => ok(data.auditChoices()) },
  ];
}

function session({ mode, environment, version, region }: WebConfig, data: ConsoleData, channels: readonly string[]) {
  const switchable = mode === 'LOCAL_MOCK';
  return {
    mode,
    environment,
    version,
    region,
    signIn: switchable ? 'switch' : 'unavailable',
    people: switchable ? data.people().map(({ id, name, roles }) => ({ id, name, roles })) : [],
    channels,
  };
}

const withCard = async (approval: ApprovalView) => {
  const view = withoutToken(approval);
  return { view, card: await renderAdaptive(view) };
};

async function listApprovals({ query }: Call, data: ConsoleData): Promise<Reply> {
  const asked = parse(ApprovalsQuery, queryObject(query), 'Use state=pending or state=decided, limit from 1 to 200.');
  if ('refused' in asked) return asked.refused;
  const { approvals, next } = await data.approvals(asked.value);
  return ok({ approvals: await Promise.all(approvals.map(withCard)), next });
}

async function oneApproval({ parameters }: Call, data: ConsoleData): Promise<Reply> {
  const found = await data.approval(parameters.id ?? '');
  if (found) return ok({ ...(await withCard(found.approval)), history: found.history });
  return problem(404, {
    code: 'not_found',
    message: 'There is no approval with this id.',
    hint: 'The Approvals page lists the pending and the decided ones.',
  });
}

async function listAudit({ query }: Call, data: ConsoleData): Promise<Reply> {
  const hint = 'Filters: person, tool, outcome, change, from and to (ISO 8601), limit from 1 to 200, after.';
  const asked = parse(AuditFilters, queryObject(query), hint);
  if ('refused' in asked) return asked.refused;
  const { change, ...filters } = asked.value;
  return ok(await data.audit({ ...filters, changeId: change }));
}
