import { expect } from 'chai';
import fc from 'fast-check';
import { guardTarget, Plan, planDigest, snapshotHash } from '../../approvals/plan.ts';
import type { Json } from '../../lib/json.ts';
import { plan } from './changes.ts';

type Path = readonly (string | number)[];

/** Every value inside, by its path. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))].slice(
    path.length === 0 ? 1 : 0,
  );
}

function changed(value: unknown, [key, ...rest]: Path, to: (old: unknown) => unknown): unknown {
  if (key === undefined) return to(value);
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== 'object' || value === null) return value;
  const held = value as Record<string, unknown>;
  return Object.fromEntries(order(Object.keys(held)).map((key) => [key, shuffled(held[key], order)]));
}

const PATHS = leaves(plan);

describe('plan digest', () => {
  it('changes with every field and every value inside, whatever it becomes [G5]', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), fc.jsonValue({ maxDepth: 2 }), (path, to) => {
        const other = changed(plan, path, () => to) as Plan;
        fc.pre(JSON.stringify(other) !== JSON.stringify(plan));
        fc.pre(planText(other) !== planText(plan));

        expect(planDigest(other), path.join('.')).to.not.equal(planDigest(plan));
      }),
      { numRuns: 4_000, seed: 5 },
    );
  });

  it('changes when a field goes, comes, or text gains one invisible character [G5]', () => {
    for (const path of PATHS) {
      const gone = changed(plan, path, (old) => (/^\d$/.test(String(path.at(-1))) ? [old] : undefined)) as Plan;
      const unseen = changed(plan, path, (old) => (typeof old === 'string' ? `${old}\u200b` : [old])) as Plan;
      expect(planDigest(gone), `without ${path.join('.')}`).to.not.equal(planDigest(plan));
      expect(planDigest(unseen), path.join('.')).to.not.equal(planDigest(plan));
    }
    expect(planDigest({ ...plan, more: 1 } as Plan)).to.not.equal(planDigest(plan));
  });

  it('stays when keys come in another order or the plan goes through text and back [G5]', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const order = (keys: string[]) =>
          keys
            .map((key) => ({ key, place: numbers.next().value ?? 0 }))
            .sort((a, b) => a.place - b.place)
            .map(({ key }) => key);
        const same = shuffled(plan, order) as Plan;

        expect(planDigest(same)).to.equal(planDigest(plan));
        expect(planDigest(Plan.parse(JSON.parse(JSON.stringify(same, null, 2))))).to.equal(planDigest(plan));
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  it('is no other kind of digest of the same bytes [G5]', () => {
    expect(planDigest(plan)).to.not.equal(snapshotHash(plan as Json));
  });

  it('lets nothing unknown ride along and needs a target [G5]', () => {
    expect(Plan.safeParse({ ...plan, approved: true }).success).to.equal(false);
    expect(Plan.safeParse({ ...plan, targets: [] }).success).to.equal(false);
    expect(Plan.safeParse({ ...plan, quorum: 0 }).success).to.equal(false);
  });
});

const planText = (value: unknown): string => JSON.stringify(shuffled(value, (keys) => [...keys].sort()));

describe('guarded target', () => {
  const target = (tags: Record<string, string>, arn = 'arn:aws:ec2:eu-west-1:1:instance/i-1') => ({
    ...{ arn, id: 'i-1', label: 'x', tags },
  });

  it('is managed by exactly OpsAgentManaged=true [G1]', () => {
    for (const value of ['True', 'TRUE', 'true ', ' true', 'yes', '1', '']) {
      expect(guardTarget(target({ OpsAgentManaged: value }), undefined).managed, `"${value}"`).to.equal(false);
    }
    for (const key of ['opsagentmanaged', 'OpsAgentManaged ', 'OPSAGENTMANAGED', '__proto__']) {
      expect(guardTarget(target({ [key]: 'true' }), undefined).managed, key).to.equal(false);
    }
    expect(guardTarget(target({ OpsAgentManaged: 'true' }), undefined).managed).to.equal(true);
  });

  it('belongs to the environment that is served, to the letter [G1]', () => {
    const matches = (tag: string, served: string | undefined) =>
      guardTarget(target({ Environment: tag }), served).environmentMatches;

    expect(matches('staging', 'staging')).to.equal(true);
    expect(matches('Staging', 'staging')).to.equal(false);
    expect(guardTarget(target({}), 'staging').environmentMatches).to.equal(false);
    expect(matches('anything', undefined)).to.equal(true);
  });

  it('is production by every name that the risk calls production, and when it does not say [G4]', () => {
    for (const name of ['production', 'Production', 'PROD', 'prd', 'live', ' production ']) {
      expect(guardTarget(target({ Environment: name }), undefined).production, name).to.equal(true);
    }
    expect(guardTarget(target({}), undefined).production, 'untagged').to.equal(true);
    expect(guardTarget(target({ Environment: 'staging' }), 'production').production, 'served').to.equal(true);
    expect(guardTarget(target({ Environment: 'staging' }), 'staging').production).to.equal(false);
    expect(guardTarget(target({ Environment: 'staging' }), undefined).production).to.equal(false);
  });
});
