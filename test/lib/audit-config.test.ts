import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadConfig } from '../../lib/config.ts';
import { asOpsError } from '../../lib/errors.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

describe('keys of the audit record', () => {
  const path = temporaryFolder();
  const env = (given: Record<string, string>) => {
    writeFileSync(path('key.pem'), '');
    return Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, value.replace('KEY', path('key.pem'))]),
    );
  };
  const complaint = (given: Record<string, string>): string => {
    try {
      loadConfig(env(given));
      return '';
    } catch (error) {
      return asOpsError(error).message;
    }
  };

  for (const [text, target] of [
    ['file:/mnt/other/audit', { kind: 'file', path: '/mnt/other/audit' }],
    ['s3://audit-bucket', { kind: 's3', bucket: 'audit-bucket', prefix: '' }],
    ['s3://audit-bucket/ops/eu/', { kind: 's3', bucket: 'audit-bucket', prefix: 'ops/eu' }],
    ['logs:/opsagent/audit', { kind: 'logs', group: '/opsagent/audit' }],
  ] as const) {
    it(`read ${text} as a place for checkpoints [O3]`, () => {
      const given = env({ AUDIT_CHECKPOINTS: text, AUDIT_SIGNING_KEY_FILE: 'KEY' });

      const config = loadConfig(given);

      expect(config.AUDIT_CHECKPOINTS).to.deep.equal(target);
    });
  }

  for (const [given, says] of [
    [{ AUDIT_CHECKPOINTS: '/mnt/other' }, /AUDIT_CHECKPOINTS.*use file:/],
    [{ AUDIT_CHECKPOINTS: 's3://X', AUDIT_SIGNING_KEY_FILE: 'KEY' }, /AUDIT_CHECKPOINTS.*use file:/],
    [{ AUDIT_CHECKPOINTS: 'file:/x' }, /AUDIT_SIGNING_KEY_FILE.*keys create/],
    [{ AUDIT_SIGNING_KEY_FILE: 'KEY' }, /AUDIT_CHECKPOINTS.*say where/],
    [{ AUDIT_SIGNING_KEY_FILE: '/not/there' }, /AUDIT_SIGNING_KEY_FILE.*no such file/],
    [
      { AUDIT_SIGNING_KEY_FILE: 'KEY', AUDIT_KMS_KEY_ID: 'alias/x', AUDIT_CHECKPOINTS: 'file:/x' },
      /AUDIT_KMS_KEY_ID.*one key/,
    ],
    [{ AUDIT_REQUIRE_CHECKPOINTS: 'true' }, /AUDIT_REQUIRE_CHECKPOINTS.*first/],
    [{ AUDIT_COPY: 'file:/x' }, /AUDIT_COPY.*logs:/],
  ] as [Record<string, string>, RegExp][]) {
    it(`refuse ${JSON.stringify(given)} with the fix [O3]`, () => {
      expect(complaint(given)).to.match(says);
    });
  }
});
