import fc from 'fast-check';

/**
 * Property tests draw the same values on every run, so that what passed here passes there and a failure is the change's own.
 * `PROPERTY_SEED=random npm test` (or a number) draws others: that is how new counterexamples are looked for.
 */
const wanted = process.env.PROPERTY_SEED ?? '2026';
fc.configureGlobal({ seed: wanted === 'random' ? undefined : Number(wanted) });
