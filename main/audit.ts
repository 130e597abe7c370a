import { type ReportWithCopy, verifyWithCopy } from '../approvals/audit-verify.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { createLog } from '../lib/log.ts';
import { openStore } from '../store/open.ts';
import { besideStore } from './compose.ts';

/** `opsagent audit verify`: walks the chain, compares the copy beside the store, names the first bad record. */
export async function auditVerify(config: Config, json: boolean, print: (line: string) => void): Promise<boolean> {
  const store = await openStore(config.STORE, { clock: systemClock, log: createLog(config.LOG_LEVEL) });
  try {
    const report = await verifyWithCopy(store, besideStore(config.STORE, 'audit.jsonl'));
    print(json ? inJson(report) : inWords(report));
    return report.ok;
  } finally {
    await store.close();
  }
}

function inJson({ ok, records, head, copied, brokenCopyLines, firstBad }: ReportWithCopy): string {
  return JSON.stringify({ ok, records, head, copied, broken_copy_lines: brokenCopyLines, first_bad: firstBad });
}

function inWords({ ok, records, head, copied, firstBad }: ReportWithCopy): string {
  if (ok)
    return `The audit chain is whole: ${records} records, ${copied} compared with the copy, head ${head.slice(0, 12)}.`;
  return `The audit chain is broken at record ${firstBad?.seq}: ${firstBad?.because}. ${records} records before it are good.`;
}
