import { registerHooks } from 'node:module';

/** Sabotage, by `--import`: a record may stand in any chain, whatever its request. */
const FROM = 'chainFor(request, names) === chain';

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/approvals/audit-verify.ts')) return loaded;
    const source = String(loaded.source);
    if (!source.includes(FROM)) throw new Error('the line to sabotage is not there');
    return { ...loaded, source: source.replace(FROM, 'true') };
  },
});
