import { readFileSync } from 'node:fs';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { Risk } from '../cards/view.ts';
import { OpsError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/ids.ts';
import { createKeep } from '../lib/keep.ts';
import type { Effect } from '../tools/tool.ts';
import { type Person, ROLES, type Role } from './people.ts';

/** The guarded facts of one resource, read from AWS just now. */
export interface GuardedTarget {
  arn: string;
  service: string;
  managed: boolean;
  environmentMatches: boolean;
  production: boolean;
}

export type PolicyQuestion =
  | { action: 'read' | 'run' | 'propose' | 'pause'; tool: string; effect: Effect }
  | { action: 'change'; target: GuardedTarget; risk: Risk }
  | { action: 'approve'; target: GuardedTarget; risk: Risk; own: boolean };

/** A refusal names its rule, why, who may instead, and what to do next. */
export type PolicyAnswer =
  | { allowed: true }
  | { allowed: false; rule: string; because: string; next: string; whoMay: Role[] };

/** What rules see of whoever asks. */
type Principal = Pick<Person, 'id' | 'roles' | 'service'>;

export interface Policy {
  /** SHA-256 of rules and schema; stored with every decision. */
  readonly hash: string;
  ask(person: Principal, question: PolicyQuestion): PolicyAnswer;
  /** The roles that are allowed it, highest first, when somebody else than the requester asks. */
  whoMay(question: PolicyQuestion): readonly Role[];
}

type Request = Pick<cedar.StatefulAuthorizationCall, 'principal' | 'action' | 'resource' | 'context' | 'entities'>;

interface Rule {
  rule: string;
  next: string;
  source: string;
  parsed: cedar.PolicyJson;
}

const RULES = new URL('./rules/opsagent.cedar', import.meta.url);
const SCHEMA = new URL('./rules/opsagent.cedarschema', import.meta.url);

/**
 * Loads and checks the Cedar rules; each must have an id, a rule sentence and a next step.
 *
 * @throws OpsError `policy_unavailable` when a file is missing, unreadable or fails validation: nothing may start without rules
 */
export function loadPolicy(rulesFile: URL = RULES, schemaFile: URL = SCHEMA): Policy {
  const text = read(rulesFile);
  const schema = read(schemaFile);
  const hash = sha256Hex(`${text}\u0000${schema}`);
  const rules = parseRules(text);
  const staticPolicies = Object.fromEntries([...rules].map(([id, { source }]) => [id, source]));
  validate(staticPolicies, schema);
  cedar.preparsePolicySet(hash, { staticPolicies });
  cedar.preparseSchema(hash, schema);

  const keyOf = questionKey({ people: names(rules, 'Person'), targets: names(rules, 'Target') });
  const decide = remembered((person: Principal, question: PolicyQuestion) => {
    const answer = cedar.statefulIsAuthorized({
      ...requestFor(person, question),
      preparsedPolicySetId: hash,
      preparsedSchemaName: hash,
      validateRequest: true,
    });
    if (answer.type === 'failure') throw unavailable(answer.errors.map(({ message }) => message).join('; '));
    if (answer.response.diagnostics.errors.length > 0) throw unavailable('a rule could not be evaluated');
    return answer.response;
  }, keyOf);

  const asRole = (role: Role, question: PolicyQuestion) =>
    decide({ id: `role:${role}`, roles: [role] }, asStranger(question));
  const whoMay = remembered(
    (question: PolicyQuestion) => ROLES.filter((role) => asRole(role, question).decision === 'allow'),
    (question) => keyOf(NOBODY, asStranger(question)),
  );

  return {
    hash,
    whoMay,
    ask(person, question) {
      const { decision, diagnostics } = decide(person, question);
      if (decision === 'allow') return { allowed: true };
      const may = whoMay(question);
      const lowest = may.at(-1);
      const [forbiddenBy] = diagnostics.reason;
      const permittedBy = lowest && asRole(lowest, question).diagnostics.reason[0];
      const id = forbiddenBy ?? permittedBy ?? 'no-rule-permits';
      const why = explain(rules.get(id), forbiddenBy ? undefined : person.roles);
      return { allowed: false, whoMay: [...may], rule: id, ...why };
    },
  };
}

const MOST_REMEMBERED = 10_000;

/** Rules do not change while the process runs, so one question has one answer; cards ask the same ones again and again. */
function remembered<Asked extends unknown[], Answer extends object>(
  answer: (...asked: Asked) => Answer,
  keyOf: (...asked: Asked) => string,
): (...asked: Asked) => Answer {
  const known = createKeep<Answer>(MOST_REMEMBERED);
  return (...asked) => {
    const key = keyOf(...asked);
    const before = known.get(key);
    if (before !== undefined) return before;
    const now = answer(...asked);
    known.set(key, now);
    return now;
  };
}

const NOBODY = { id: '', roles: [] };

/**
 * Two questions with one key have one answer: all that rules can look at is in it. People and resources are known to rules
 * by their roles and attributes; by name only where a rule names one.
 */
function questionKey(by: { people: boolean; targets: boolean }) {
  return ({ id, roles, service: isService }: Principal, question: PolicyQuestion): string => {
    const who = `${by.people ? JSON.stringify(id) : ''} ${isService ?? false} ${roles.join()}`;
    if ('tool' in question) return `${who} ${question.action} ${question.effect} ${question.tool}`;
    const { arn, service, managed, environmentMatches, production } = question.target;
    const own = question.action === 'approve' && question.own;
    const facts = `${question.action} ${question.risk} ${managed} ${environmentMatches} ${production} ${own}`;
    return `${who} ${facts} ${JSON.stringify([service, by.targets ? arn : ''])}`;
  };
}

/** Whether any rule speaks of one entity of this type by its name, such as `Person::"ada@example.com"`. */
function names(rules: ReadonlyMap<string, Rule>, type: string): boolean {
  const within = (part: unknown): boolean => {
    if (typeof part !== 'object' || part === null) return false;
    if ('type' in part && part.type === type && 'id' in part) return true;
    return Object.values(part).some(within);
  };
  return [...rules.values()].some(({ parsed }) => within(parsed));
}

/** The same question asked by somebody else: would another person of that role be allowed? */
function asStranger(question: PolicyQuestion): PolicyQuestion {
  return question.action === 'approve' ? { ...question, own: false } : question;
}

/** A forbid speaks for itself; where only a permit is missing, the person's own roles are named beside it. */
function explain(
  rule: Pick<Rule, 'rule' | 'next'> | undefined,
  roles: readonly Role[] | undefined,
): { because: string; next: string } {
  if (!rule) return { because: 'No rule permits this to anybody.', next: 'It cannot be done through OpsAgent.' };
  if (!roles) return { because: rule.rule, next: rule.next };
  return {
    because: `${rule.rule} You are ${roles.length > 0 ? roles.join(', ') : 'on the list without a role'}.`,
    next: rule.next,
  };
}

function requestFor(person: Principal, question: PolicyQuestion): Request {
  const principal = { type: 'Person', id: person.id };
  const resource =
    'tool' in question ? { type: 'Tool', id: question.tool } : { type: 'Target', id: question.target.arn };
  const attrs: Record<string, string | boolean> =
    'tool' in question
      ? { effect: question.effect }
      : {
          service: question.target.service,
          managed: question.target.managed,
          environment_matches: question.target.environmentMatches,
          production: question.target.production,
        };
  return {
    principal,
    action: { type: 'Action', id: question.action },
    resource,
    context: contextOf(question),
    entities: [
      ...ROLE_ENTITIES,
      {
        uid: principal,
        attrs: { service: person.service ?? false },
        parents: person.roles.map((id) => ({ type: 'Role', id })),
      },
      { uid: resource, attrs, parents: [] },
    ],
  };
}

function contextOf(question: PolicyQuestion): cedar.Context {
  if (question.action === 'approve') return { risk: question.risk, own: question.own };
  if (question.action === 'change') return { risk: question.risk };
  return {};
}

/** admin is in ops-lead is in … viewer. */
const ROLE_ENTITIES: cedar.Entities = ROLES.map((id, place) => ({
  uid: { type: 'Role', id },
  attrs: {},
  parents: ROLES.slice(place + 1, place + 2).map((below) => ({ type: 'Role', id: below })),
}));

function parseRules(text: string): Map<string, Rule> {
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === 'failure') throw unavailable(parts.errors.map(({ message }) => message).join('; '));
  const rules = new Map<string, Rule>();
  for (const source of parts.policies) {
    const answer = cedar.policyToJson(source);
    if (answer.type === 'failure') throw unavailable(answer.errors.map(({ message }) => message).join('; '));
    const { id, rule, next } = answer.json.annotations ?? {};
    if (!id || !rule || !next || rules.has(id))
      throw unavailable(`a rule lacks @id, @rule or @next, or "${id}" stands twice`);
    rules.set(id, { rule, next, source, parsed: answer.json });
  }
  if (rules.size === 0) throw unavailable('there are no rules');
  return rules;
}

function validate(staticPolicies: Record<string, string>, schema: string): void {
  const answer = cedar.validate({ schema, policies: { staticPolicies } });
  if (answer.type === 'failure') throw unavailable(answer.errors.map(({ message }) => message).join('; '));
  const [first] = answer.validationErrors;
  if (first) throw unavailable(`rule ${first.policyId}: ${first.error.message}`);
}

function read(file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unavailable(`${file.pathname.split('/').at(-1)} cannot be read`, cause);
  }
}

function unavailable(message: string, cause?: unknown): OpsError {
  return new OpsError('policy_unavailable', `The rules cannot be used: ${message}`, {
    hint: 'Restore approvals/rules and start again. Nothing runs without rules.',
    cause,
  });
}
