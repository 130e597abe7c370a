import { quoted } from '../approvals/audit-chains.ts';
import { verifyEnd } from '../approvals/audit-end.ts';
import { readPause } from '../approvals/pause.ts';
import { type Person, ROLES, type Role } from '../approvals/people.ts';
import { loadPolicy } from '../approvals/policy.ts';
import { openStore } from '../store/open.ts';
import { probeSqlite } from '../store/sqlite-probe.ts';
import type { Store } from '../store/store.ts';
import { writeAndRemove } from '../store/write-and-remove.ts';
import { type Check, type CheckParts, fail, ok, type Seen, warn } from './finding.ts';
import { openPeople, openPolicy, openServices } from './people-and-policy.ts';

/** What can be looked at on this machine. */
export function localChecks(parts: CheckParts): Check[] {
  const { config } = parts;
  return [
    { name: 'configuration', look: async () => ok(`${config.EXECUTION_MODE}, version ${config.version}`) },
    { name: 'rules', look: async () => ok(`checked, ${loadPolicy().hash.slice(0, 12)}`) },
    { name: 'people', look: () => people(parts) },
    { name: 'policy', look: () => policy(parts) },
    ...(config.API_KEYS_FILE === undefined ? [] : [{ name: 'api keys', look: async () => apiKeys(parts) }]),
    { name: 'store', look: () => store(parts) },
    { name: 'audit', look: () => audit(parts) },
  ];
}

/** A high risk takes two of these (README). */
const MAY_APPROVE_HIGH: readonly Role[] = ROLES.slice(0, ROLES.indexOf('senior-engineer') + 1);

async function people(parts: CheckParts): Promise<Seen> {
  const state = (await openPeople(parts.config, parts)).now();
  if (state.state === 'stale') return fail(state.problem, 'Correct the list; until then no change is made.');
  return seenOf(state.value);
}

function seenOf(list: readonly Person[]): Seen {
  const mayApprove = list.filter(({ roles }) => roles.some((role) => MAY_APPROVE_HIGH.includes(role)));
  const says = `${list.length} on the list, ${mayApprove.length} of them may approve high risk`;
  if (list.length === 0) return fail('nobody is on the list: nobody gets in', 'Add people to PEOPLE_FILE.');
  if (mayApprove.length >= 2) return ok(says);
  return warn(says, `A high risk takes two; give two people one of the roles ${MAY_APPROVE_HIGH.join(', ')}.`);
}

function apiKeys({ config, clock }: CheckParts): Seen {
  const services = openServices(config, clock)().value;
  const over = services.filter(({ keys }) => keys.every(({ endsAt }) => clock.now() >= endsAt));
  const says = `programs with a key: ${services.length}`;
  if (over.length === 0) return ok(says);
  const names = over.map(({ principal }) => principal.name).join(', ');
  return warn(`${says}; of ${names} every key has expired`, 'Make a new one: opsagent keys api --name NAME');
}

async function policy(parts: CheckParts): Promise<Seen> {
  const state = (await openPolicy(parts.config, parts)).now();
  if (state.state === 'stale') return fail(state.problem, 'Correct the policy; until then no change is made.');
  if (state.value.changes === 'allowed') return ok('changes are allowed');
  return warn('every change is paused by the policy (changes: paused)', 'Set changes: allowed when changes may go on.');
}

async function store(parts: CheckParts): Promise<Seen> {
  const { STORE } = parts.config;
  const path = sqliteFile(STORE);
  if (path === undefined)
    return opened(parts, async (one) => writeAndRemove(one).then(() => ok(`${STORE} can be read and written`)));
  switch (probeSqlite(path)) {
    case 'absent':
      return ok(`${path} is made at the first start`);
    case 'older':
      return warn(`${path} was written by an older OpsAgent`, 'Make a backup: the next start upgrades the store.');
    case 'current':
      return ok(`${path} can be read and written`);
  }
}

/** Only a store that would not be made or upgraded by being opened. */
async function audit(parts: CheckParts): Promise<Seen> {
  const path = sqliteFile(parts.config.STORE);
  if (path !== undefined && probeSqlite(path) !== 'current') return ok('there is no record to look at yet');
  return opened(parts, auditOf);
}

async function opened(parts: CheckParts, look: (store: Store) => Promise<Seen>): Promise<Seen> {
  const one = await openStore(parts.config.STORE, { ...parts, region: parts.config.AWS_REGION });
  try {
    return await look(one);
  } finally {
    await one.close();
  }
}

async function auditOf(one: Store): Promise<Seen> {
  const { records, head, firstBad } = await verifyEnd(one);
  if (firstBad)
    return fail(
      `record ${quoted(firstBad)} is bad: ${firstBad.because}`,
      'Go through docs/runbook.md, OpsAgentAuditFailing.',
    );
  const paused = await readPause(one);
  if (paused) return warn(paused, 'Say resume changes when they may go on.');
  return ok(`the newest ${records} records are whole, head ${head.slice(0, 12)}`);
}

/** Undefined for a store that is no file: it is opened to be looked at. */
const sqliteFile = (uri: string): string | undefined => /^sqlite:(?!:memory:)(.+)/.exec(uri)?.[1];
