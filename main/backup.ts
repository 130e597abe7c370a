import { quoted, readChains } from '../approvals/audit-chains.ts';
import { saveAuditCopy } from '../approvals/audit-copy.ts';
import { type ReportWithCopy, verifyWithCopy } from '../approvals/audit-verify.ts';
import { type ChainEnd, readHeads } from '../approvals/audit-walk.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { createLog } from '../lib/log.ts';
import { openStore } from '../store/open.ts';
import { assertWhole, copySqlite, sqlitePathOf } from '../store/sqlite-backup.ts';
import { besideStore } from './compose.ts';

/**
 * `opsagent backup`: the store at one moment, checked page by page and record by record, and the audit copy up to that moment
 * beside it. False when the audit chain in it is broken: the copy is kept, because it may be the best there is.
 */
export async function backup(config: Config, out: string, print: (line: string) => void): Promise<boolean> {
  const source = sqlitePathOf(config.STORE);
  await copySqlite(source, out);
  const report = await verifyBackup(out, config, async (ends) => {
    const copy = besideStore(config.STORE, 'audit.jsonl');
    if (copy !== undefined) await saveAuditCopy(copy, `${out}.audit.jsonl`, ends);
  });
  print(report.ok ? `The backup is whole: ${out}, ${counted(report)}.` : brokenIn(out, report));
  return report.ok;
}

/**
 * Walks the audit chains inside a copy of a store, against the audit copy beside it. The copy is one plain file again afterwards.
 *
 * @param before is called with the heads of the chains, before they are compared with the audit copy
 */
async function verifyBackup(
  path: string,
  { LOG_LEVEL }: Config,
  before: (heads: readonly ChainEnd[]) => Promise<void>,
): Promise<ReportWithCopy> {
  const store = await openStore(`sqlite:${path}`, { clock: systemClock, log: createLog(LOG_LEVEL) });
  try {
    const alone = await verifyWithCopy(store, undefined);
    await before(await readHeads(store, (await readChains(store)).names));
    return alone.ok ? await verifyWithCopy(store, `${path}.audit.jsonl`) : alone;
  } finally {
    await store.close();
    assertWhole(path);
  }
}

const counted = ({ records, copied, head }: ReportWithCopy): string =>
  `${records} audit records, ${copied} compared with the audit copy, head ${head.slice(0, 12)}`;

const brokenIn = (path: string, { firstBad }: ReportWithCopy): string =>
  `The audit chain in ${path} is broken at record ${firstBad && quoted(firstBad)}: ${firstBad?.because}. The copy was kept.`;
