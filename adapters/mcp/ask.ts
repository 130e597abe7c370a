import { randomUUID } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { OnTurn } from '../../bot/channel.ts';
import type { Speaker, Turn } from '../../bot/turn.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { refused, toldOf } from './told.ts';

/** Amazon Quick gives a call up after 60 s, and other clients at about the same time. */
const ANSWER_WITHIN_MS = 50_000;

interface Call {
  speaker: Speaker;
  tool: string;
  asked: Pick<Turn, 'text' | 'call'>;
  progress?: (text: string) => void;
}

/**
 * Hands a call to the bot and answers within 50 s. What takes longer goes on and is said to: nothing that was begun is cut off by
 * a client that waits no more, and the record has it either way.
 */
export async function ask(
  { onTurn, clock, log }: { onTurn: OnTurn; clock: Clock; log: Log },
  { speaker, tool, asked, progress }: Call,
): Promise<CallToolResult> {
  const turn: Turn = {
    // Ids of JSON-RPC begin anew with each client.
    id: `mcp-${randomUUID()}`,
    at: clock.now(),
    origin: 'mcp',
    speaker,
    conversation: { channel: 'mcp', id: speaker.userId },
    ...asked,
  };
  const inTime = new AbortController();
  const late = clock.sleep(ANSWER_WITHIN_MS, inTime.signal).then(() => undefined);
  try {
    const work = onTurn(turn, undefined, progress);
    const result = await Promise.race([work, late]);
    if (result) return toldOf(tool, result);
    work.catch((error: unknown) =>
      log.error({ err: error, turnId: turn.id }, 'a call that was answered before its end failed'),
    );
    return refused(LATE);
  } finally {
    inTime.abort();
    late.catch(() => undefined);
  }
}

const LATE = {
  status: 'late',
  why: 'It takes longer than 50 seconds. OpsAgent goes on with it, but its answer cannot come here any more.',
  next: 'If it was to propose a change, look with list_pending_changes before asking again. If it was to read, ask for less: a shorter window, fewer rows.',
} as const;
