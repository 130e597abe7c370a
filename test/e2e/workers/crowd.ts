import { localPeople, type Person } from '../../../approvals/people.ts';

/** More people who may approve than there are in `LOCAL_MOCK`: `approver-1@example.com` and so on. */
const CROWD = 32;

const approver = (n: number): Person => ({
  ...{ id: `approver-${n}@example.com`, name: `Approver ${n}`, roles: ['ops-lead'], teams: ['platform'] },
  accounts: {},
});

export const crowd: readonly Person[] = Array.from({ length: CROWD }, (_, n) => approver(n + 1));

/** Everybody whom a racing process knows. */
export const everybody: readonly Person[] = [...localPeople, ...crowd];
