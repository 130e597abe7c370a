import type { Parameter } from '../lib/remote-config.ts';
import { joinYaml } from '../lib/remote-yaml.ts';
import { PeopleFile, type Person, ROLES, Role } from './people.ts';

/**
 * The content of `PEOPLE_SSM`: each `StringList` holds e-mails, and the last part of its name is the role they have; every other
 * parameter is YAML in the form of `PEOPLE_FILE`. Whoever stands in two lists has both roles.
 *
 * @throws Error or ZodError that says what is wrong
 */
export function readPeople(parameters: readonly Parameter[]): Person[] {
  const lists = parameters.filter(({ type }) => type === 'StringList');
  const written = joinYaml(parameters.filter(({ type }) => type !== 'StringList'));
  const people = PeopleFile.parse(written);
  const listed = PeopleFile.parse(Object.fromEntries(entriesOf(lists)));
  const twice = listed.find(({ id }) => people.some((person) => person.id.toLowerCase() === id.toLowerCase()));
  if (twice) throw new Error(`${twice.id} stands in a StringList and in YAML; keep one of them`);
  return [...people, ...listed];
}

function entriesOf(lists: readonly Parameter[]): Map<string, { email: string; roles: Role[] }> {
  const entries = new Map<string, { email: string; roles: Role[] }>();
  for (const { name, value } of lists) {
    const role = roleOf(name);
    for (const email of new Set(value.split(',').map((one) => one.trim()))) {
      // AWS keeps no empty list; one comma is a list of nobody.
      if (email !== '') entries.set(email, { email, roles: [...(entries.get(email)?.roles ?? []), role] });
    }
  }
  return entries;
}

function roleOf(name: string): Role {
  const role = Role.safeParse(name.slice(name.lastIndexOf('/') + 1));
  if (role.success) return role.data;
  throw new Error(`${name}: the name of a StringList ends with the role of its people: ${ROLES.join(', ')}`);
}
