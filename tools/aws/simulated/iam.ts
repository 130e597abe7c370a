import { sha256Hex } from '../../../lib/ids.ts';
import type { AwsApis } from '../apis.ts';
import { pageOf } from './paging.ts';
import type { Scene } from './scene.ts';
import { serviceError } from './service-error.ts';

interface KeySpec {
  user: string;
  /** Which of the user's keys, for its id. */
  number: number;
  status: 'Active' | 'Inactive';
  ageDays: number;
  /** Days since it was last used; undefined for a key that never was. */
  usedDays?: number;
  usedFor?: string;
}

const DAY = 86_400_000;

/** Ages count from today, so that the estate never grows stale as a whole. */
const KEYS: readonly KeySpec[] = [
  { user: 'backup-runner', number: 1, status: 'Active', ageDays: 97, usedDays: 1, usedFor: 's3' },
  { user: 'ci-deploy', number: 1, status: 'Active', ageDays: 412, usedDays: 0, usedFor: 'ecs' },
  { user: 'ci-deploy', number: 2, status: 'Active', ageDays: 3, usedDays: 0, usedFor: 'ecs' },
  { user: 'grafana-reader', number: 1, status: 'Active', ageDays: 61, usedDays: 0, usedFor: 'cloudwatch' },
  { user: 'migration-2024', number: 1, status: 'Inactive', ageDays: 730, usedDays: 640, usedFor: 'dms' },
  { user: 'report-export', number: 1, status: 'Active', ageDays: 128 },
];
const USERS = [...new Set(KEYS.map(({ user }) => user)), 'auditor'].sort();

/** IAM users of the account and their access keys: the same in every Region, as in AWS. */
export function simulatedIam({ estate, look }: Scene): AwsApis['iam'] {
  const today = async () => Math.floor((await look()).now / DAY) * DAY;
  return {
    async listUsers({ Marker, MaxItems = 100 }) {
      const { items, next } = pageOf(USERS, Marker, MaxItems, invalidMarker);
      const CreateDate = new Date((await today()) - 800 * DAY);
      return {
        Users: items.map((UserName) => ({
          UserName,
          Path: '/',
          UserId: `AIDA${idOf(UserName)}`,
          Arn: `arn:aws:iam::${estate.account.id}:user/${UserName}`,
          CreateDate,
        })),
        IsTruncated: next !== undefined,
        Marker: next,
      };
    },

    async listAccessKeys({ UserName = '' }) {
      if (!USERS.includes(UserName)) throw noSuch(`The user with name ${UserName} cannot be found.`);
      const start = await today();
      const keys = KEYS.filter(({ user }) => user === UserName);
      return {
        AccessKeyMetadata: keys.map((key) => ({
          UserName,
          AccessKeyId: accessKeyId(key),
          Status: key.status,
          CreateDate: new Date(start - key.ageDays * DAY),
        })),
        IsTruncated: false,
      };
    },

    async getAccessKeyLastUsed({ AccessKeyId }) {
      const key = KEYS.find((one) => accessKeyId(one) === AccessKeyId);
      if (!key) throw noSuch('The access key cannot be found.');
      const { usedDays, usedFor } = key;
      const used = usedDays === undefined ? undefined : new Date((await today()) - usedDays * DAY);
      return {
        UserName: key.user,
        AccessKeyLastUsed: {
          LastUsedDate: used,
          ServiceName: used ? usedFor : 'N/A',
          Region: used ? estate.region : 'N/A',
        },
      };
    },
  };
}

function accessKeyId({ user, number }: KeySpec): string {
  return `AKIA${idOf(`${user}/${number}`)}`;
}

const idOf = (name: string): string => sha256Hex(`simulated-iam/${name}`).slice(0, 16).toUpperCase();

const noSuch = (message: string) => serviceError('NoSuchEntity', 404, message);
const invalidMarker = () => serviceError('ValidationError', 400, 'The specified marker is not valid');
