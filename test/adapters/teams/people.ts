/** Somebody as Teams knows them. */
export interface TeamsPerson {
  /** Entra's id of the person. */
  aad: string;
  /** Teams' id of the person for this bot. */
  mri: string;
  name: string;
  email: string;
  userPrincipalName?: string;
  userRole?: string;
  tenantId: string;
}

export const TENANT = '72f988bf-0000-4000-8000-000000000001';
export const APP_ID = '11111111-1111-4111-8111-111111111111';
export const BOT = `28:${APP_ID}`;

const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'mallory'] as const;

/** The people of LOCAL_MOCK, and one whom nobody knows. */
export const teamsPeople: readonly TeamsPerson[] = names.map((name, at) => ({
  aad: `aaaaaaaa-0000-4000-8000-00000000000${at}`,
  mri: `29:1-${name}-AbCdEf_0123456789-abcdefghijklmnopqrstuvwxyz`,
  name: `${name.charAt(0).toUpperCase()}${name.slice(1)} Example`,
  email: `${name}@example.com`,
  tenantId: TENANT,
}));

export function teamsPerson(email: string): TeamsPerson {
  const found = teamsPeople.find((person) => person.email === email);
  if (!found) throw new Error(`nobody at the connector has the address ${email}`);
  return found;
}

export const accountOf = ({ aad, tenantId }: TeamsPerson): string => `${tenantId}/${aad}`;
