import type { ReportName } from '../../tools/reports/report.ts';
import { isReport } from './reports/choices.ts';

export const auditFilterNames = ['person', 'tool', 'outcome', 'change', 'from', 'to'] as const;
export type AuditFilters = Partial<Record<(typeof auditFilterNames)[number], string>>;

/** Everything a link can point at. Kept in the address so that it survives a reload and can be sent to a colleague. */
export type Route =
  | { page: 'chat'; conversation: string }
  /** `stepUp`: the token of a link that asks for a fresh sign-in; it stays out of every address that the console makes. */
  | { page: 'approvals'; tab: 'pending' | 'decided'; id?: string; stepUp?: string }
  | { page: 'audit'; filters: AuditFilters }
  | { page: 'reports'; name: ReportName; window: string }
  | { page: 'sessions' };

/** The tool's own default. */
const USUAL_WINDOW = '7d';

/** An address that means nothing leads to the chat. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, rest] = path.split('/');
  const query = new URLSearchParams(search);
  if (page === 'approvals') {
    const tab = query.get('tab') === 'decided' ? 'decided' : 'pending';
    const stepUp = query.get('step_up');
    return rest ? { page, tab, id: decode(rest), ...(stepUp && { stepUp }) } : { page, tab };
  }
  if (page === 'audit') return { page, filters: readFilters(query) };
  if (page === 'reports')
    return { page, name: isReport(rest) ? rest : 'operations', window: query.get('window') || USUAL_WINDOW };
  if (page === 'sessions') return { page };
  return { page: 'chat', conversation: rest ? decode(rest) : 'me' };
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'chat':
      return `#/chat/${encodeURIComponent(route.conversation)}`;
    case 'approvals': {
      const id = route.id ? `/${encodeURIComponent(route.id)}` : '';
      return `#/approvals${id}${route.tab === 'decided' ? '?tab=decided' : ''}`;
    }
    case 'audit': {
      const query = new URLSearchParams(Object.entries(route.filters)).toString();
      return query ? `#/audit?${query}` : '#/audit';
    }
    case 'reports': {
      const query = route.window === USUAL_WINDOW ? '' : `?${new URLSearchParams({ window: route.window })}`;
      return `#/reports/${route.name}${query}`;
    }
    case 'sessions':
      return '#/sessions';
  }
}

function readFilters(query: URLSearchParams): AuditFilters {
  const set = auditFilterNames.flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value]] : [];
  });
  return Object.fromEntries(set);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
