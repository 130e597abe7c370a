import { expect } from 'chai';
import { localPeople, ROLES, type Role } from '../../approvals/people.ts';
import type { GuardedTarget, PolicyQuestion } from '../../approvals/policy.ts';
import type { Risk } from '../../cards/view.ts';
import { policy } from './house.ts';

const RISKS: readonly Risk[] = ['low', 'medium', 'high', 'critical'];
const SEVERE: readonly Risk[] = ['high', 'critical'];
const BOTH = [true, false];

/** Every role before every risk, on resources of every kind. */
const PLACES = ROLES.flatMap((role) =>
  RISKS.flatMap((risk) =>
    BOTH.flatMap((managed) => BOTH.map((environmentMatches) => ({ role, risk, managed, environmentMatches }))),
  ),
);

/** The lowest role that may approve, as G3 says it. */
const LOWEST: Record<Risk, Role> = {
  low: 'viewer',
  medium: 'engineer',
  high: 'senior-engineer',
  critical: 'ops-lead',
};

const atLeast = (role: Role, lowest: Role) => ROLES.indexOf(role) <= ROLES.indexOf(lowest);
const person = (...roles: string[]) => ({ id: 'p@example.com', roles: roles as Role[] });
const target = (patch: Partial<GuardedTarget> = {}): GuardedTarget => ({
  arn: 'arn:aws:ec2:eu-west-1:1:instance/i-1',
  service: 'ec2',
  managed: true,
  environmentMatches: true,
  production: false,
  ...patch,
});

const answer = (who: { id: string; roles: readonly Role[] }, question: PolicyQuestion) => policy.ask(who, question);
const allows = (who: { id: string; roles: readonly Role[] }, question: PolicyQuestion) => answer(who, question).allowed;

describe('policy', () => {
  it('says who may approve, for every role, risk, own change, production, tag and environment [G1, G3, G4]', () => {
    for (const own of BOTH)
      for (const production of BOTH)
        for (const { role, risk, managed, environmentMatches } of PLACES) {
          const where = target({ managed, environmentMatches, production });
          const got = allows(person(role), { action: 'approve', target: where, risk, own });
          const theirs = own && (production || SEVERE.includes(risk));
          const wanted = [atLeast(role, LOWEST[risk]), managed, environmentMatches, !theirs].every(Boolean);
          expect(got, JSON.stringify({ role, risk, own, production, managed, environmentMatches })).to.equal(wanted);
        }
  });

  it('lets engineers and above change what is tagged and in this environment, and nobody else [G1, G2]', () => {
    for (const { role, risk, managed, environmentMatches } of PLACES) {
      const where = target({ managed, environmentMatches, production: true });
      const wanted = atLeast(role, 'engineer') && managed && environmentMatches;
      expect(allows(person(role), { action: 'change', target: where, risk })).to.equal(wanted);
    }
  });

  it('gives each role its reads, workflows, proposals and the pause [G2]', () => {
    const tool = { tool: 'x', effect: 'read' } as const;
    for (const role of ROLES) {
      expect(allows(person(role), { action: 'read', ...tool }), role).to.equal(true);
      expect(allows(person(role), { action: 'run', ...tool }), role).to.equal(atLeast(role, 'engineer'));
      expect(allows(person(role), { action: 'propose', ...tool }), role).to.equal(atLeast(role, 'engineer'));
      expect(allows(person(role), { action: 'pause', ...tool }), role).to.equal(atLeast(role, 'ops-lead'));
    }
  });

  it('gives nothing to a person without a role, or with one that nobody knows [G2]', () => {
    for (const who of [
      person(),
      person('superuser'),
      person('Admin'),
      person('admin '),
      person('__proto__'),
      person(''),
    ]) {
      for (const action of ['read', 'run', 'propose', 'pause'] as const)
        expect(allows(who, { action, tool: 'x', effect: 'read' }), `${who.roles} ${action}`).to.equal(false);
      expect(allows(who, { action: 'approve', target: target(), risk: 'low', own: false })).to.equal(false);
      expect(allows(who, { action: 'change', target: target(), risk: 'low' })).to.equal(false);
    }
  });

  it('gives a person no role by what they are called [G2]', () => {
    for (const id of ['Role::"admin"', 'admin', 'x"} in Role::"admin', 'role:admin', '\u0000', '']) {
      const question = { action: 'pause', tool: 'x', effect: 'workflow' } as const;
      expect(allows({ id, roles: [] }, question), id).to.equal(false);
    }
  });

  it('takes the highest of several roles [G3]', () => {
    const question = { action: 'approve', target: target(), risk: 'critical', own: false } as const;
    expect(allows(person('viewer', 'admin'), question)).to.equal(true);
    expect(allows(person('viewer', 'engineer'), question)).to.equal(false);
  });

  it('refuses identity and key services to an admin too, and says that no approval lifts it [G1]', () => {
    for (const service of ['iam', 'kms', 'sts', 'organizations', 'secretsmanager']) {
      const where = target({ service, arn: `arn:aws:${service}::1:x` });
      for (const question of [
        { action: 'change', target: where, risk: 'low' },
        { action: 'approve', target: where, risk: 'low', own: false },
      ] as const) {
        const got = answer(person('admin'), question);
        expect(got).to.deep.include({ allowed: false, rule: 'identity-and-keys', whoMay: [] });
      }
    }
  });

  it('names rule, reason, next step and who may instead [G3]', () => {
    const viewer = answer(person('viewer'), { action: 'approve', target: target(), risk: 'high', own: false });
    const own = answer(person('admin'), { action: 'approve', target: target(), risk: 'high', own: true });
    const untagged = answer(person('admin'), { action: 'change', target: target({ managed: false }), risk: 'low' });

    expect(viewer).to.deep.equal({
      allowed: false,
      rule: 'approve-high',
      because: 'Senior engineers may approve a high-risk change. You are viewer.',
      next: 'Ask one of the people named on the card.',
      whoMay: ['admin', 'ops-lead', 'senior-engineer'],
    });
    expect(own).to.deep.include({ rule: 'own-change', whoMay: ['admin', 'ops-lead', 'senior-engineer'] });
    expect(untagged).to.deep.include({ rule: 'managed-tag', whoMay: [] });
    expect(untagged).to.have.property('next').that.includes('OpsAgentManaged=true');
  });

  it('knows the five people of the examples by their roles [G2]', () => {
    const question = { action: 'pause', tool: 'x', effect: 'workflow' } as const;
    const pausing = localPeople.filter((who) => allows(who, question)).map(({ name }) => name);
    expect(pausing).to.deep.equal(['Bob', 'Erin']);
  });
});
