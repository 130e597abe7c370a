import { changes } from './changes.ts';
import { commands } from './commands.ts';
import { reads } from './reads.ts';
import type { Sentence } from './sentence.ts';
import { traps } from './traps.ts';

/** The list the matcher was worked on with. `held-out.ts` has the one it was not. */
export const sentences: readonly Sentence[] = [...commands, ...reads, ...changes, ...traps];
