import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { quoted } from '../approvals/audit-chains.ts';
import { exportLines } from '../approvals/audit-export.ts';
import { type ExportReport, verifyExport } from '../approvals/audit-export-verify.ts';
import { countUpTo } from '../approvals/audit-walk.ts';
import { headsOf } from '../approvals/checkpoint.ts';
import { linesOf } from '../approvals/checkpoint-file.ts';
import { readPublicKeys } from '../approvals/checkpoint-keys.ts';
import { type RecordReport, verifyRecord } from '../approvals/record-verify.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { asOpsError, OpsError } from '../lib/errors.ts';
import { createLog } from '../lib/log.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { besideStore } from './compose.ts';
import { openSecondPlace } from './second-place.ts';

type Print = (line: string) => void;

interface Values {
  json: boolean;
  from?: string;
  to?: string;
  out?: string;
  file?: string;
}

/** `opsagent audit verify|export`. False: a record or a checkpoint is bad. @throws OpsError `config_invalid` for another verb */
export async function audit(verb: string, values: Values, config: Config, print: Print): Promise<boolean> {
  if (verb === 'export') return auditExport(config, values, print);
  if (verb !== 'verify')
    throw new OpsError('config_invalid', `There is no verb "audit ${verb}".`, { hint: 'Say: opsagent audit verify' });
  return values.file === undefined ? auditVerify(config, values.json, print) : verifyFile(config, values.file, print);
}

/** Walks the chain, holds it against the copy beside the store and the checkpoints, names the first bad record. */
async function auditVerify(config: Config, json: boolean, print: Print): Promise<boolean> {
  const second = await openSecondPlace(config);
  return withStore(config, async (store) => {
    const copyPath = besideStore(config.STORE, 'audit.jsonl');
    const report = await verifyRecord(store, { copyPath, ...(second ? { checkpoints: second } : {}) });
    print(json ? inJson(report) : inWords(report));
    return report.ok;
  });
}

/** Writes records with the checkpoints around them to a file that can be checked alone. */
async function auditExport(config: Config, { from, to, out }: Values, print: Print): Promise<boolean> {
  if (!out)
    throw new OpsError('config_invalid', 'No file is named.', { hint: 'Say: opsagent audit export --out FILE' });
  const second = await openSecondPlace(config);
  const keys = second ? await second.keys() : new Map();
  await withStore(config, async (store) => {
    const lines = exportLines(store, { from, to }, keys);
    try {
      await pipeline(Readable.from(withLineEnds(lines)), createWriteStream(out, { flags: 'wx', mode: 0o600 }));
    } catch (cause) {
      if (cause instanceof OpsError) throw cause;
      throw new OpsError('config_invalid', `${out} cannot be written: ${asOpsError(cause).message}`, {
        hint: 'Name a file that is not there yet.',
        cause,
      });
    }
  });
  const report = await verifyExport(linesOf(out));
  print(`${out}: ${exportInWords(report)}`);
  return report.ok;
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

async function verifyFile({ AUDIT_PUBLIC_KEYS: path }: Config, file: string, print: Print): Promise<boolean> {
  const report = await verifyExport(linesOf(file), path === undefined ? undefined : readPublicKeys(path));
  print(exportInWords(report));
  return report.ok;
}

async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config.STORE, {
    clock: systemClock,
    log: createLog(config.LOG_LEVEL),
    region: config.AWS_REGION,
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function inJson({ ok, records, chains, head, copied, brokenCopyLines, firstBad, checkpoints }: RecordReport): string {
  const told =
    checkpoints.kind === 'none'
      ? undefined
      : {
          sound: checkpoints.sound,
          covers_to: countUpTo(headsOf(checkpoints.newest)),
          at: checkpoints.newest?.at,
          key: checkpoints.newest?.key,
          broken_lines: checkpoints.brokenLines,
        };
  return JSON.stringify({
    ok,
    records,
    chains,
    head,
    copied,
    broken_copy_lines: brokenCopyLines,
    first_bad: firstBad,
    checkpoints: told,
  });
}

function inWords(report: RecordReport): string {
  const { records, chains, head, copied, firstBad } = report;
  if (firstBad)
    return `The audit chain is broken at record ${quoted(firstBad)}: ${firstBad.because}. ${records} records follow from each other.`;
  const what = chains === 1 ? 'The audit chain is' : `The ${chains} audit chains are`;
  return `${what} whole: ${records} records, ${copied} compared with the copy, head ${head.slice(0, 12)}.\n${proof(report)}`;
}

/** What checkpoints prove, and what they do not. */
function proof({ records, chains, checkpoints }: RecordReport): string {
  if (checkpoints.kind === 'none')
    return 'No checkpoints are set up (AUDIT_CHECKPOINTS): whoever holds the store and its copy could have written both anew.';
  const { sound, newest, brokenLines } = checkpoints;
  const torn = brokenLines === 0 ? '' : ` ${brokenLines} lines of the second place are no checkpoints.`;
  if (!newest) return `There is no checkpoint yet.${torn}`;
  const covered = countUpTo(headsOf(newest));
  const which =
    chains === 1 ? `records 1 to ${covered} are` : `the first records of each chain, ${covered} together, are`;
  return `${sound} signed checkpoints: ${which} as they were on ${newest.at}, by key ${newest.key.slice(0, 16)}; ${records - covered} are not covered yet.${torn}`;
}

function exportInWords({ ranges, records, firstBad, newest, checkpoints, keys, trust }: ExportReport): string {
  if (firstBad) return `The export is broken at record ${quoted(firstBad)}: ${firstBad.because}.`;
  const named = ranges
    .filter(({ from, to }) => to >= from)
    .map(({ chain, from, to }) => `${quoted({ chain, seq: from })} to ${to}`);
  const what = `records ${named.join(', ')} (${records}) follow from each other`;
  if (!newest) return `${what}; no checkpoint vouches for them.`;
  const ids = keys.map((key) => key.slice(0, 16)).join(', ');
  const whose =
    trust === 'given' ? `keys you gave: ${ids}` : `keys in the export itself, so compare with those you know: ${ids}`;
  const upTo = headsOf(newest)
    .filter(({ seq }) => seq > 0)
    .map(quoted);
  return `${what}; ${checkpoints} signed checkpoints vouch for them up to record ${upTo.join(', ')}, by ${whose}.`;
}
