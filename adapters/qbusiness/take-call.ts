import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { OnTurn } from '../../bot/channel.ts';
import type { Speaker, Turn, TurnResult } from '../../bot/turn.ts';
import { newCorrelationId, sha256Hex } from '../../lib/ids.ts';
import { ok, type Reply } from '../http/reply.ts';
import { statusOf } from './about-changes.ts';
import { answerOf, type Form } from './answer.ts';
import type { Asked, Read } from './asked.ts';
import type { FacadeOptions } from './options.ts';
import { wrongCall } from './problem.ts';
import { readBody, readQuery, type Values } from './read-values.ts';
import { refuseOtherUser } from './user-context.ts';

/** Whoever decides waits this long; Amazon Quick gives up after 60 s and others sooner. The work goes on by itself. */
const DECISION_WITHIN_MS = 25_000;
const ANSWER_WITHIN_MS = 50_000;

/** What a path takes, and how its answer looks. */
export interface Path {
  method: 'GET' | 'POST';
  path: string;
  details: Form['details'];
  read(values: Values): Read;
}

/** Who, then what, then for whom, then the turn. */
export async function takeCall(
  options: FacadeOptions,
  onTurn: OnTurn,
  path: Path,
  request: IncomingMessage,
): Promise<Reply> {
  const admitted = await options.admit(request, 'api');
  if ('refused' in admitted) return admitted.refused;
  const { speaker } = admitted;
  const key = readKey(request);
  if ('refused' in key) return key.refused;
  const values = path.method === 'GET' ? readQuery(request) : await readBody(request);
  if ('refused' in values) return values.refused;
  const found = path.read(values.values);
  if ('refused' in found) return found.refused;
  const { asked } = found;
  const other = refuseOtherUser(speaker, asked.userContext);
  if (other) return other;
  const turn = turnOf(options, speaker, asked, key.id);
  const result = await inTime(options, onTurn, asked, turn);
  if (result === 'late') return late(options, path, turn);
  return answerOf(asked, result, { ...path, mode: options.mode });
}

/** The same key of the same person is the same turn; without a key each call is its own. */
function readKey({ headers }: IncomingMessage): { id: string | undefined } | { refused: Reply } {
  const key = headers['idempotency-key'];
  if (key === undefined) return { id: undefined };
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return { id: key };
  const hint = 'Send 1 to 200 visible ASCII characters, a UUID for example, or leave the header out.';
  return { refused: wrongCall(400, 'input_invalid', 'The header Idempotency-Key cannot be used.', hint) };
}

function turnOf(
  { clock }: FacadeOptions,
  speaker: Speaker,
  { said, conversation }: Asked,
  key: string | undefined,
): Turn {
  const { channel, userId } = speaker;
  return {
    ...said,
    id: `${channel}:${sha256Hex(JSON.stringify([userId, key ?? randomUUID()]))}`,
    at: clock.now(),
    origin: 'api',
    speaker,
    conversation: { channel, id: conversation === undefined ? userId : `${userId}:${conversation}` },
  };
}

/** Made once: nobody reads it, and an error with its stack takes time in every call. */
const ANSWERED = new Error('the call has its answer');

/** The answer, or that it takes longer than a caller waits: then a decision is answered with how its change stands. */
async function inTime(options: FacadeOptions, onTurn: OnTurn, asked: Asked, turn: Turn): Promise<TurnResult | 'late'> {
  const { clock, log } = options;
  const done = new AbortController();
  const work = onTurn(turn);
  const within = asked.kind === 'decision' ? DECISION_WITHIN_MS : ANSWER_WITHIN_MS;
  const limit = clock.sleep(within, done.signal).then(
    () => 'late' as const,
    () => 'late' as const,
  );
  const first = await Promise.race([work, limit]).finally(() => done.abort(ANSWERED));
  if (first !== 'late') return first;
  work.catch((error: unknown) => log.error({ err: error }, 'a call that was answered before its end failed'));
  const { decision } = turn;
  if (!decision || !('token' in decision)) return 'late';
  const { said } = statusOf(`token:${decision.token}`);
  return onTurn({ ...turn, ...said, decision: undefined, id: `${turn.id}:status` });
}

/** The record knows the turn by its id; the caller is given one that the log joins with it. */
function late({ mode, log }: FacadeOptions, { details }: Path, { id }: Turn): Reply {
  const correlationId = newCorrelationId();
  log.warn({ correlationId, turnId: id }, 'a call was answered before its end');
  const summary = `There is no answer after ${ANSWER_WITHIN_MS / 1000} seconds.`;
  const next =
    'What was proposed or decided by then is on record: say approvals in a chat. Ask again for anything else.';
  return ok({
    ...{
      success: false,
      status: 'working',
      summary: `${summary} ${next}`,
      details: details === 'text' ? next : { next },
    },
    ...{ execution_mode: mode, correlation_id: correlationId },
  });
}
