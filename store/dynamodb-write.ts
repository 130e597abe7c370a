import { randomUUID } from 'node:crypto';
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import { actionsOf, type Guessed } from './dynamodb-actions.ts';
import { answerMs, type Patience, startPatience, type Table } from './dynamodb-client.ts';
import { cancellationReasons, isPassing, mapDynamodbError, mayBeDone, type Reason } from './dynamodb-errors.ts';
import { type HeldRow, listedOf, parseItem } from './dynamodb-items.ts';
import type { Memory } from './dynamodb-memory.ts';
import { createSightings } from './dynamodb-sightings.ts';
import type { ReadyWrite } from './row.ts';
import type { Committed } from './store.ts';

interface Deps {
  table: Table;
  clock: Clock;
  memory: Memory;
  get(kind: string, id: string): Promise<HeldRow | undefined>;
}

interface Job {
  writes: readonly ReadyWrite[];
  /** Epoch ms. */
  before?: number;
}

export interface Writer {
  /** A moment of this process, to be kept when a call is made and handed to `commit` when its turn has come. */
  moment(): number;
  commit(job: Job, made: number): Promise<Committed>;
}

/** How a request ended. `guessed wrong`: no row conflicts, but some stood in other lists than was thought. */
type Sent = Committed | { committed: false; because: 'guessed wrong'; rows: readonly HeldRow[] };

/** One transaction on its way, however many attempts it takes. */
interface Request {
  guesses: readonly Guessed[];
  token: string;
  command: TransactWriteItemsCommand;
  /** Epoch ms; infinite without a deadline. */
  before: number;
  patience: Patience;
  /** An attempt went without an answer. */
  maybeDone: boolean;
  /** By the clock of the sightings. */
  sent: number;
}

/** A request is not cut off sooner, because how it ended would then not be known. */
const shortestAnswerMs = 500;

/**
 * One TransactWriteItems a commit: rows, and the places in lists that come and go with them. Which places a row stands in is
 * remembered or guessed, the condition checks it, and a wrong guess is told with the row and tried once more.
 * A request without an answer is repeated with the token it had, so that it is carried out once.
 *
 * @throws OpsError `store_unavailable`, `store_corrupt`, `internal` (more than a transaction takes)
 */
export function createWriter({ table, clock, memory, get }: Deps): Writer {
  const sightings = createSightings();

  async function commit({ writes, before }: Job, made: number): Promise<Committed> {
    const known = sightings.against(writes, made);
    if (known !== undefined) return conflictOf(known.write, known.version);
    let guesses = writes.map((write) => ({ write, held: guess(write) }));
    for (;;) {
      const sent = await send(guesses, before);
      if (sent.committed) remember(writes);
      if (sent.committed || sent.because !== 'guessed wrong') return sent;
      guesses = guesses.map(({ write, held }) => ({ write, held: heldBy(write, sent.rows) ?? held }));
    }
  }

  function guess({ kind, id, expects, effect }: ReadyWrite): string | undefined {
    if (expects === 'absent' || effect.type === 'keep') return undefined;
    const known = memory.listed({ kind, id, version: expects });
    return known ?? listedOf(effect.type === 'write' ? effect.row : { entries: [] });
  }

  async function send(guesses: readonly Guessed[], before = Number.POSITIVE_INFINITY): Promise<Sent> {
    const token = randomUUID();
    const TransactItems = actionsOf(table.name, guesses, token);
    const command = new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: token });
    const patience = startPatience();
    const request: Request = { guesses, token, command, before, patience, maybeDone: false, sent: sightings.tick() };
    let sent: Sent | undefined;
    while (sent === undefined) sent = await attempt(request);
    return sent;
  }

  /** Nothing when it is worth another attempt. */
  async function attempt(request: Request): Promise<Sent | undefined> {
    const msLeft = request.before - clock.now();
    if (msLeft <= 0) return request.maybeDone ? settle(request) : { committed: false, because: 'late' };
    // DynamoDB refuses a transaction of nothing.
    if (request.guesses.length === 0) return { committed: true };
    try {
      await table.client.send(request.command, { abortSignal: AbortSignal.timeout(answerIn(msLeft)) });
      return { committed: true };
    } catch (thrown) {
      return judge(thrown, request);
    }
  }

  async function judge(thrown: unknown, request: Request): Promise<Sent | undefined> {
    const failed = failedIn(thrown, request);
    for (const { write, row } of failed) sightings.see(write, { sent: request.sent, version: row?.version });
    if (failed.length > 0) return refusalOf(failed, request);
    if (!isPassing(thrown) || !(await request.patience.goOn())) throw mapDynamodbError(thrown, table.name);
    request.maybeDone ||= mayBeDone(thrown);
    return undefined;
  }

  /** The deadline passed while an answer was missing: the token in a row says whether it was written. */
  async function settle({ guesses, token }: Request): Promise<Committed> {
    const written = guesses.find(({ write }) => write.effect.type === 'write');
    const row = written && (await get(written.write.kind, written.write.id));
    if (row?.transaction === token) return { committed: true };
    throw new OpsError('store_unavailable', `DynamoDB did not answer before the deadline (${table.name})`, {
      hint: 'Look at the change again: whether this was recorded is known after the next read.',
      retryable: true,
    });
  }

  function remember(writes: readonly ReadyWrite[]): void {
    for (const { kind, id, expects, effect } of writes) {
      if (effect.type !== 'keep') sightings.forget({ kind, id });
      if (effect.type !== 'write') continue;
      memory.remember({ kind, id, version: expects === 'absent' ? 1 : expects + 1, listed: listedOf(effect.row) });
    }
  }

  return { moment: sightings.tick, commit };
}

function answerIn(msLeft: number): number {
  return Math.min(answerMs, Math.max(shortestAnswerMs, Math.ceil(msLeft)));
}

/** A write whose condition did not hold, and the row as it was found. */
interface Failed {
  write: ReadyWrite;
  row: HeldRow | undefined;
}

/** Empty when the transaction was not refused for what its rows hold. */
function failedIn(thrown: unknown, { guesses }: Request): Failed[] {
  const reasons = cancellationReasons(thrown) ?? [];
  return guesses.flatMap(({ write }, n) => failedAs(write, reasons[n]));
}

function refusalOf(failed: readonly Failed[], { token }: Request): Sent {
  // The first of two equal requests was carried out, and its answer was lost.
  if (failed.some(({ row }) => row?.transaction === token)) return { committed: true };
  const conflict = failed.find(({ write, row }) => (row?.version ?? 'absent') !== write.expects);
  if (conflict !== undefined) return conflictOf(conflict.write, conflict.row?.version);
  return { committed: false, because: 'guessed wrong', rows: failed.flatMap(({ row }) => row ?? []) };
}

function conflictOf({ kind, id }: ReadyWrite, version: number | undefined): Committed {
  return { committed: false, because: 'conflict', kind, id, version };
}

function failedAs(write: ReadyWrite, reason: Reason | undefined): Failed[] {
  if (reason?.Code !== 'ConditionalCheckFailed') return [];
  return [{ write, row: reason.Item === undefined ? undefined : parseItem(reason.Item) }];
}

function heldBy({ kind, id }: ReadyWrite, rows: readonly HeldRow[]): string | undefined {
  return rows.find((row) => row.kind === kind && row.id === id)?.listed;
}
