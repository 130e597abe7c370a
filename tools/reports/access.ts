import { RISKS } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { ListedPerson, Records, Sighting, Span } from '../records.ts';
import { countOf, type Findings, table } from './report.ts';

/** Looked up one by one, so more would keep people waiting. */
const MOST_PEOPLE = 500;

type Reviewed = ListedPerson & Sighting;

/** Nobody heard of them since the span began, or ever. */
export function unseenIn(people: readonly Reviewed[], { from }: Span): Reviewed[] {
  return people.filter(({ lastSeen }) => lastSeen === undefined || lastSeen < from);
}

/** Who may do what, who never does it, and which roles approve what. */
export async function access(records: Records, span: Span): Promise<Findings> {
  const listed = records.people();
  const looked = listed.slice(0, MOST_PEOPLE);
  const sightings = await records.sightings(looked.map(({ id }) => id));
  const people = looked
    .map((person, at): Reviewed => ({ ...person, ...(sightings[at] ?? NEVER) }))
    .sort((one, other) => other.may.length - one.may.length || one.id.localeCompare(other.id));
  const unseen = unseenIn(people, span);
  const idle = people.filter(({ roles }) => roles.length === 0);
  return {
    figures: [
      countOf('On the list', listed.length),
      countOf('Not seen', unseen.length, 'warning'),
      countOf('Without a role', idle.length, 'warning'),
      countOf('May approve all', people.filter(mayApproveAll).length),
    ],
    tables: [
      table(
        'People',
        ['Person', 'Roles', 'Teams', 'May', 'Known in', 'Last seen'],
        people.map(row),
        'Nobody is on the list.',
      ),
      table(
        'Not seen in this time',
        ['Person', 'Roles', 'Last seen'],
        unseen.map(({ id, roles, lastSeen }) => [id, inWords(roles), seenCell(lastSeen)]),
        'Everybody was seen in this time.',
      ),
      table(
        'Who may approve',
        ['Risk', 'Roles', 'People'],
        RISKS.map((risk) => approvers(records, people, risk)),
        'No role may approve anything.',
      ),
    ],
    limits: [
      'Nobody approves their own high-risk or production change, whatever their role.',
      ...(listed.length > MOST_PEOPLE ? [`Only the first ${MOST_PEOPLE} people of the list are looked up.`] : []),
    ],
  };
}

const NEVER: Sighting = { accounts: [], lastSeen: undefined };
const mayApproveAll = ({ may }: ListedPerson): boolean => may.includes('approve up to critical');

function approvers(records: Records, people: readonly Reviewed[], risk: (typeof RISKS)[number]) {
  const reach = RISKS.slice(RISKS.indexOf(risk)).map((one) => `approve up to ${one}`);
  const able = people.filter(({ may }) => may.some((one) => reach.includes(one)));
  const count = String(able.length);
  const isOne = able.length < 2;
  return [risk, inWords(records.approvers(risk)), isOne ? { text: count, status: 'warning' as const } : count];
}

function row({ id, roles, teams, may, accounts, lastSeen }: Reviewed) {
  return [
    id,
    inWords(roles),
    inWords(teams.map((team) => cleanText(team, 40))),
    inWords(may),
    inWords(accounts),
    seenCell(lastSeen),
  ];
}

function seenCell(lastSeen: number | undefined) {
  return lastSeen === undefined
    ? { text: 'never', status: 'warning' as const }
    : { at: new Date(lastSeen).toISOString() };
}

const inWords = (words: readonly string[]): string => words.join(', ') || 'none';
