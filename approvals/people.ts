import { z } from 'zod';

export const Role = z.enum(['admin', 'ops-lead', 'senior-engineer', 'engineer', 'viewer']);
export type Role = z.output<typeof Role>;

/** Highest first: each may do what the next one may. */
export const ROLES: readonly Role[] = Role.options;

/** One human being, however many accounts they have, or a service. Votes count people (G4). */
export interface Person {
  /** E-mail, exact bytes: the one key. Of a service: `service:<name>`. */
  id: string;
  name: string;
  roles: readonly Role[];
  teams: readonly string[];
  /** Channel → the person's account there, `<organisation>/<user>`, where the file names it. */
  accounts: Readonly<Record<string, string>>;
  /** A program with a key of its own: it may read and propose, and decides nothing (Q3). */
  service?: true;
}

/** No e-mail looks like the id of a service, so that neither is ever taken for the other. */
export const serviceNamed = (name: string, roles: readonly Role[]): Person => ({
  id: `service:${name}`,
  name,
  roles,
  teams: [],
  accounts: {},
  service: true,
});

const Entry = z.strictObject({
  email: z.email(),
  roles: z.array(Role),
  teams: z.array(z.string()).default([]),
  slack_id: z
    .string()
    .regex(
      /^[TE][A-Z0-9]{2,20}\/[UW][A-Z0-9]{2,20}$/,
      'use <workspace id>/<member id>, for example T0123ABCD/U0123ABCD',
    )
    .optional(),
  teams_id: z
    .string()
    .regex(/^[0-9a-f-]{36}\/[0-9a-f-]{36}$/, 'use <tenant id>/<Entra object id>, two lower-case GUIDs')
    .optional(),
});

/** The content of `PEOPLE_FILE`: name → e-mail, roles and accounts. An empty file lets nobody in. */
export const PeopleFile = z
  .record(z.string().min(1).max(80), Entry)
  .nullable()
  .transform((entries): Person[] =>
    Object.entries(entries ?? {}).map(([name, { email, roles, teams, slack_id, teams_id }]) => {
      const accounts = { ...(slack_id && { slack: slack_id }), ...(teams_id && { teams: teams_id }) };
      return { id: email, name, roles, teams, accounts };
    }),
  )
  .refine(
    // One human being listed twice would have two votes.
    (people) => new Set(people.map(({ id }) => id.toLowerCase())).size === people.length,
    'two people have the same e-mail',
  )
  .refine((people) => {
    const accounts = people.flatMap((person) => Object.entries(person.accounts).map((one) => one.join(' ')));
    return new Set(accounts).size === accounts.length;
  }, 'two people have the same account');

/** The people of `LOCAL_MOCK`, of examples and of tests. */
export const localPeople: readonly Person[] = [
  { id: 'alice@example.com', name: 'Alice', roles: ['engineer'], teams: ['web'], accounts: {} },
  { id: 'dave@example.com', name: 'Dave', roles: ['senior-engineer'], teams: ['web'], accounts: {} },
  { id: 'bob@example.com', name: 'Bob', roles: ['ops-lead'], teams: ['platform'], accounts: {} },
  { id: 'erin@example.com', name: 'Erin', roles: ['admin'], teams: ['platform'], accounts: {} },
  { id: 'carol@example.com', name: 'Carol', roles: ['viewer'], teams: ['support'], accounts: {} },
];

/** Who is on the allow-list now. Re-read when the file changes; never cached beyond that (G2). */
export interface Directory {
  /** A person or a service. */
  find(id: string): Person | undefined;
  /** Who the file says has this account. */
  named(channel: string, account: string): Person | undefined;
  /** People only: services are never asked, and never counted. */
  list(): readonly Person[];
  /** Programs with a key. */
  services(): readonly Person[];
}

const NO_SERVICES = () => [];

/** Looks people up in the list of now; a list is searched once, and another list is searched anew. */
export function createDirectory(
  list: () => readonly Person[],
  services: () => readonly Person[] = NO_SERVICES,
): Directory {
  let known = indexed(list());
  const now = () => {
    const people = list();
    if (people !== known.people) known = indexed(people);
    return known;
  };
  return {
    ...{ list, services },
    find: (id) => now().byId.get(id) ?? services().find((service) => service.id === id),
    named: (channel, account) => now().byAccount.get(`${channel} ${account}`),
  };
}

function indexed(people: readonly Person[]) {
  const accounts = people.flatMap((person) =>
    Object.entries(person.accounts).map(([channel, account]) => [`${channel} ${account}`, person] as const),
  );
  return { people, byId: new Map(people.map((person) => [person.id, person])), byAccount: new Map(accounts) };
}
