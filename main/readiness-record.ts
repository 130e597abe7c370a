import type { Config } from '../lib/config.ts';
import { openSpool } from './compose.ts';
import { type Check, type CheckParts, ok, type Seen, warn } from './finding.ts';
import { openSecondPlace } from './second-place.ts';

/** What the record of changes stands on beside the store. */
export function recordChecks({ config }: CheckParts): Check[] {
  return [
    { name: 'outcomes', look: async () => outcomes(config) },
    ...(config.AUDIT_CHECKPOINTS ? [{ name: 'second place', look: () => secondPlace(config) }] : []),
  ];
}

function outcomes(config: Config): Seen {
  const waiting = openSpool(config)?.read() ?? [];
  const ids = waiting.map(({ change_id: id }) => id).join(', ');
  if (waiting.length === 0) return ok('none waits to be recorded');
  return warn(
    `those of ${ids} could not be recorded yet; no change runs until they are`,
    'Make sure that the store has room and answers: a running server records them by itself.',
  );
}

/** The key that signs, those whose signatures count, and what is in the place. */
async function secondPlace(config: Config): Promise<Seen> {
  const second = await openSecondPlace(config);
  if (!second) return ok('not set up');
  const { size } = await second.keys();
  const says = `${second.place.name}; signatures of ${size === 1 ? '1 key' : `${size} keys`} count`;
  // Whoever reads a log stream makes it, and nothing is changed here.
  if (config.AUDIT_CHECKPOINTS?.kind === 'logs') return ok(says);
  for await (const _ of second.place.read()) break;
  return ok(`${says}, and it can be read`);
}
