import { readAuditCopy } from '../approvals/audit-copy.ts';
import { verifyChain } from '../approvals/audit-verify.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { createLog } from '../lib/log.ts';
import { openStore } from '../store/open.ts';
import { besideStore } from './compose.ts';

/** `opsagent audit verify`: walks the chain, compares the copy beside the store, names the first bad record. */
export async function auditVerify(config: Config, json: boolean, print: (line: string) => void): Promise<boolean> {
  const store = await openStore(config.STORE, { clock: systemClock, log: createLog(config.LOG_LEVEL) });
  try {
    const path = besideStore(config.STORE, 'audit.jsonl');
    const copy = path ? await readAuditCopy(path) : { hashes: new Map<number, string>(), broken: 0 };
    const report = await verifyChain(store, copy.hashes);
    const ok = report.ok && copy.broken === 0;
    const facts = {
      ok,
      records: report.records,
      head: report.head,
      copied: copy.hashes.size,
      broken_copy_lines: copy.broken,
      first_bad: report.firstBad,
    };
    print(json ? JSON.stringify(facts) : inWords(report, copy));
    return ok;
  } finally {
    await store.close();
  }
}

function inWords(
  { ok, records, head, firstBad }: Awaited<ReturnType<typeof verifyChain>>,
  { hashes, broken }: { hashes: ReadonlyMap<number, string>; broken: number },
): string {
  if (!ok && firstBad)
    return `The audit chain is broken at record ${firstBad.seq}: ${firstBad.because}. ${records} records before it are good.`;
  if (broken > 0) return `The chain of ${records} records is whole, but ${broken} lines of its copy are not records.`;
  return `The audit chain is whole: ${records} records, ${hashes.size} compared with the copy, head ${head.slice(0, 12)}.`;
}
