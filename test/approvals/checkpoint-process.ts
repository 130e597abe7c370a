import { createAudit } from '../../approvals/audit.ts';
import { checkpointFile } from '../../approvals/checkpoint-file.ts';
import { readSigningKey } from '../../approvals/checkpoint-keys.ts';
import { createCheckpointer } from '../../approvals/checkpointer.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';

/**
 * A process of its own that records and checkpoints: `node checkpoint-process.ts <store> <key> <place> <records> <barrier ms> <die>`.
 * `die`: it kills itself when the first checkpoint was to be signed: records are committed, no checkpoint is.
 */
const [path = '', keyPath = '', placePath = '', records = '', barrier = '0', die = ''] = process.argv.slice(2);
const node = `p/${process.pid}`;
const parts = { clock: systemClock, log: silentLog, node };
const store = await createSqliteStore({ path, ...parts });
const key = readSigningKey(keyPath);
const signer = async () => (die === 'die' ? process.kill(process.pid, 'SIGKILL') && key : key);
const checkpointer = createCheckpointer({ ...parts, store, signer, place: checkpointFile(placePath) });
const audit = createAudit({ ...parts, store, build: 'test' });

while (Date.now() < Number(barrier));
for (let n = 1; n <= Number(records); n += 1) {
  await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });
  if (n % 5 === 0) await checkpointer.seal(5_000);
}
await store.close();
