import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { createLog } from '../lib/log.ts';
import { asLines, type Check, settle } from './finding.ts';
import { localChecks } from './readiness-here.ts';
import { remoteChecks } from './readiness-outside.ts';
import { recordChecks } from './readiness-record.ts';

/**
 * `opsagent readiness`: everything a start needs, looked at without changing anything. A wrong key of the configuration never
 * gets here: it ends the program with its fix and exit code 2. False when something would keep OpsAgent from working.
 */
export async function readiness(config: Config, json: boolean, print: (line: string) => void): Promise<boolean> {
  const parts = { config, clock: systemClock, log: createLog('silent') };
  const checks: Check[] = [...localChecks(parts), ...recordChecks(parts), ...remoteChecks(parts)];
  const findings = await Promise.all(checks.map(settle));
  const isReady = findings.every(({ status }) => status !== 'fail');
  print(json ? JSON.stringify({ ready: isReady, checks: findings }) : findings.map(asLines).join('\n'));
  return isReady;
}
