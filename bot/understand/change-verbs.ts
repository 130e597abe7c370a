import type { Reading } from './reading.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A change's own verb in any form: 'stop rebooting …'. */
export function namesChange({ changeVerbs }: Vocabulary, { meanings }: Reading): boolean {
  return [...meanings.values()].some((meaning) => meaning?.concepts.some((one) => changeVerbs.has(one)));
}

/** A change's own verb, as an order, in a sentence that otherwise reads: 'check and reboot …'. */
export function ordersChange({ changeVerbs }: Vocabulary, { meanings }: Reading): boolean {
  return [...meanings.values()].some(
    (meaning) => meaning?.inflection === 'base' && meaning.concepts.some((one) => changeVerbs.has(one)),
  );
}
