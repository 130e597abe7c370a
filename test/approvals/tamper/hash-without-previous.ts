import { registerHooks } from 'node:module';

/** Sabotage, by `--import`: the hash of a record leaves its `prev_hash` out. Ends the process when there is nothing to replace. */
const FROM = "digest('audit.v1', record as JsonObject)";
const TO = "digest('audit.v1', { ...record, prev_hash: '' } as JsonObject)";

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/approvals/audit-record.ts')) return loaded;
    const source = String(loaded.source);
    if (!source.includes(FROM)) throw new Error('the line to sabotage is not there');
    return { ...loaded, source: source.replace(FROM, TO) };
  },
});
