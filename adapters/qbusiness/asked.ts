import type { Turn } from '../../bot/turn.ts';
import type { Reply } from '../http/reply.ts';
import type { UserContext } from './user-context.ts';

/** One call, understood as far as the door goes: what becomes of it is the turn's business. */
export interface Asked {
  /** What the turn carries. */
  said: Pick<Turn, 'text' | 'call' | 'decision'>;
  /** `status` answers what was asked, whatever became of the change. */
  kind: 'call' | 'decision' | 'status' | 'chat';
  /** What to send instead, when the tool's own schema refuses the input: that is the caller's to mend, not a person's to read. */
  mend?: string;
  /** A thread of its own; a person's calls are one conversation without. */
  conversation?: string;
  /** Never an identity: compared with the one that was proven. */
  userContext?: UserContext;
}

export type Read = { asked: Asked } | { refused: Reply };
