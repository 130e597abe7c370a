import { registerHooks } from 'node:module';

/** Sabotage, by `--import`: whatever stands in a checkpoint passes for the signature of the key it names. */
const FROM = "verify(hashOf(key), signedBytes(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'))";

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/approvals/checkpoint-keys.ts')) return loaded;
    const source = String(loaded.source);
    if (!source.includes(FROM)) throw new Error('the line to sabotage is not there');
    return { ...loaded, source: source.replace(FROM, 'true') };
  },
});
