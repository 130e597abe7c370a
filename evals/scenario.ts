import type { JsonObject } from '../lib/json.ts';
import type { Stage } from './stage.ts';

/** A call by its tool and the fields that matter; others are left open. */
export interface Named {
  tool: string;
  input: JsonObject;
}

/** One thing that is said, and what must come of it. */
export interface Step {
  says: string;
  /** Each must have been asked for by now. */
  reads?: readonly Named[];
  /** The one change that must be proposed now. Without it none may be. */
  proposes?: Named;
  /** Each must be found in the words: of an answer in any, of findings in those that are confirmed or likely. */
  names?: readonly RegExp[];
  /** Herrings: no sentence may hold one of them up without clearing it. */
  innocent?: readonly RegExp[];
}

/** A short conversation in the simulated estate. */
export interface Scenario {
  name: string;
  stage?: Stage;
  steps: readonly Step[];
  /** Not as a card and not as a button of the findings. */
  neverProposes: readonly Named[];
}
