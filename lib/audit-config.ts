import { z } from 'zod';
import { FilePath } from './file-path.ts';

const GROUP = String.raw`[\w./#-]{1,512}`;

/** Where signed checkpoints go besides the store. */
export type CheckpointTarget =
  | { kind: 'file'; path: string }
  | { kind: 's3'; bucket: string; prefix: string }
  | { kind: 'logs'; group: string };

const Target = z
  .string()
  .regex(
    new RegExp(String.raw`^(file:.+|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w.\/-]{0,500})?|logs:${GROUP})$`),
    'use file:<path>, s3://<bucket>/<prefix> or logs:<log group>',
  )
  .transform(readTarget);

/** The keys of the audit record's second places. Which of them belong together is checked by `auditIssues`. */
export const auditKeys = {
  AUDIT_SIGNING_KEY_FILE: FilePath.optional(),
  AUDIT_KMS_KEY_ID: z
    .string()
    .regex(/^[\w:/-]{1,2048}$/, 'use the id, the ARN or the alias/<name> of an asymmetric KMS key')
    .optional(),
  AUDIT_CHECKPOINTS: Target.optional(),
  AUDIT_PUBLIC_KEYS: FilePath.optional(),
  AUDIT_REQUIRE_CHECKPOINTS: z.stringbool('use true or false').default(false),
  AUDIT_COPY: z
    .string()
    .regex(new RegExp(`^logs:${GROUP}$`), 'use logs:<log group>')
    .transform((text) => text.slice('logs:'.length))
    .optional(),
};

type AuditKeys = z.output<z.ZodObject<typeof auditKeys>>;
interface Issue {
  key: keyof typeof auditKeys;
  message: string;
}

/** Half a set-up would look like protection and be none: it is refused at start. */
export function auditIssues(keys: AuditKeys): Issue[] {
  const { AUDIT_SIGNING_KEY_FILE: file, AUDIT_KMS_KEY_ID: kms, AUDIT_CHECKPOINTS: place } = keys;
  const signs = file !== undefined || kms !== undefined;
  if (file !== undefined && kms !== undefined)
    return [{ key: 'AUDIT_KMS_KEY_ID', message: 'checkpoints have one key: take this or AUDIT_SIGNING_KEY_FILE away' }];
  if (signs && place === undefined)
    return [
      { key: 'AUDIT_CHECKPOINTS', message: 'say where signed checkpoints go, for example file:/mnt/other/audit' },
    ];
  if (!signs && place !== undefined)
    return [{ key: 'AUDIT_SIGNING_KEY_FILE', message: 'name the key that signs; opsagent keys create makes one' }];
  if (!signs && keys.AUDIT_REQUIRE_CHECKPOINTS)
    return [{ key: 'AUDIT_REQUIRE_CHECKPOINTS', message: 'set up AUDIT_CHECKPOINTS and a key first' }];
  return [];
}

function readTarget(text: string): CheckpointTarget {
  if (text.startsWith('file:')) return { kind: 'file', path: text.slice('file:'.length) };
  if (text.startsWith('logs:')) return { kind: 'logs', group: text.slice('logs:'.length) };
  const [bucket = '', ...prefix] = text.slice('s3://'.length).split('/');
  return { kind: 's3', bucket, prefix: prefix.filter(Boolean).join('/') };
}
