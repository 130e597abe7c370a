import type { Mode } from '../../cards/view.ts';
import type { Clock } from '../../lib/clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Log } from '../../lib/log.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Admit } from '../http/admit.ts';

export interface FacadeOptions {
  catalog: readonly Tool[];
  mode: Mode;
  clock: Clock;
  log: Log;
  admit: Admit;
  /** The OpenAPI document of this installation, which listens at this port. */
  document(port: number): Promise<JsonObject>;
}
