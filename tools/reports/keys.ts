import type { Status } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Aws } from '../aws/aws.ts';
import { type Collected, collect } from '../aws/pages.ts';
import type { ToolContext } from '../tool.ts';
import { daysText } from './duration.ts';
import { ownKeysTable } from './own-keys.ts';
import { countOf, type Findings, type ReportTable, table } from './report.ts';

const MOST_USERS = 200;
/** IAM may give fewer on a page than it is asked for. */
const PAGE_CAP = 20;
/** So many users are looked up side by side: IAM throttles the whole account. */
const AT_ONCE = 5;
const DAY = 86_400_000;
/** As AWS Config and the CIS benchmark have it. */
export const TOO_OLD_DAYS = 90;

/** One access key of an IAM user. */
export interface AccessKey {
  user: string;
  /** Its last four characters: the whole id is nobody's business in a chat. */
  ending: string;
  isActive: boolean;
  ageDays: number;
  /** Days since it was last used; undefined for a key that never was. */
  idleDays: number | undefined;
}

/** What should become of a key. */
export function verdictOn({ isActive, ageDays, idleDays }: AccessKey): { text: string; status: Status } {
  if (!isActive) return { text: 'inactive: delete it', status: 'warning' };
  if (ageDays > TOO_OLD_DAYS && (idleDays ?? ageDays) > TOO_OLD_DAYS) {
    return { text: `not used for ${daysText(idleDays ?? ageDays)}: delete it`, status: 'bad' };
  }
  if (ageDays > TOO_OLD_DAYS) return { text: `older than ${TOO_OLD_DAYS} days: rotate it`, status: 'bad' };
  return { text: 'in order', status: 'good' };
}

/**
 * The access keys of the account's IAM users, oldest first, with when they were last used: the first 200 users.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
 */
export async function keys({ aws, clock, records, progress }: Needs): Promise<Findings> {
  progress('reading IAM access keys…');
  const users = await readUsers(aws);
  const found: AccessKey[] = [];
  for (let at = 0; at < users.items.length; at += AT_ONCE) {
    const some = users.items.slice(at, at + AT_ONCE).map((user) => keysOf(aws, user, clock.now()));
    found.push(...(await Promise.all(some)).flat());
  }
  return findings(found, users, ownKeysTable(records.ownKeys(), clock.now()));
}

type Needs = Pick<ToolContext, 'aws' | 'clock' | 'records' | 'progress'>;

function findings(found: readonly AccessKey[], users: Collected<string>, own: ReportTable): Findings {
  const active = found.filter(({ isActive }) => isActive);
  const oldest = found.toSorted((one, other) => other.ageDays - one.ageDays);
  return {
    figures: [
      countOf('IAM users', users.items.length),
      countOf('Active keys', active.length),
      countOf(`Older than ${TOO_OLD_DAYS} days`, active.filter(({ ageDays }) => ageDays > TOO_OLD_DAYS).length, 'bad'),
      countOf('Never used', active.filter(({ idleDays }) => idleDays === undefined).length, 'warning'),
      countOf('Inactive', found.length - active.length, 'warning'),
    ],
    tables: [
      table('Access keys, oldest first', ['User', 'Key', 'Age', 'Last used', 'What to do'], oldest.map(row), NO_KEYS),
      own,
    ],
    limits: [
      'OpsAgent changes no keys: rotate and delete them by your own process.',
      ...(users.more ? [`Only the first ${users.items.length} IAM users were read.`] : []),
    ],
  };
}

const NO_KEYS = 'No IAM user of this account has an access key.';

async function readUsers(aws: Aws): Promise<Collected<string>> {
  const iam = await aws.client('iam');
  const readPage = async (Marker: string | undefined) => {
    const answer = await iam.listUsers({ Marker, MaxItems: 100 });
    return { items: (answer.Users ?? []).flatMap(({ UserName }) => UserName ?? []), next: answer.Marker };
  };
  return collect(readPage, { maxPages: PAGE_CAP, maxItems: MOST_USERS });
}

async function keysOf(aws: Aws, user: string, now: number): Promise<AccessKey[]> {
  const iam = await aws.client('iam');
  const { AccessKeyMetadata = [] } = await unlessGone(() => iam.listAccessKeys({ UserName: user }));
  const looked = AccessKeyMetadata.map(async ({ AccessKeyId = '', Status: state, CreateDate }) => {
    const { AccessKeyLastUsed } = await unlessGone(() => iam.getAccessKeyLastUsed({ AccessKeyId }));
    return {
      user,
      ending: AccessKeyId.slice(-4),
      isActive: state !== 'Inactive',
      ageDays: daysSince(CreateDate, now) ?? 0,
      idleDays: daysSince(AccessKeyLastUsed?.LastUsedDate, now),
    };
  });
  return Promise.all(looked);
}

/** A user or key that was deleted since it was listed has nothing to say. */
async function unlessGone<T extends object>(read: () => Promise<T>): Promise<Partial<T>> {
  try {
    return await read();
  } catch (thrown) {
    if (asOpsError(thrown).code === 'aws_not_found') return {};
    throw thrown;
  }
}

function daysSince(date: Date | undefined, now: number): number | undefined {
  return date && Math.max(0, Math.floor((now - date.getTime()) / DAY));
}

function row(key: AccessKey) {
  const { user, ending, ageDays, idleDays } = key;
  const used = idleDays === undefined ? 'never' : idleDays === 0 ? 'today' : `${daysText(idleDays)} ago`;
  return [cleanText(user, 80), `…${ending}`, daysText(ageDays), used, verdictOn(key)];
}
