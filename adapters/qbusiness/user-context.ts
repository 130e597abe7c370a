import { z } from 'zod';
import type { Speaker } from '../../bot/turn.ts';
import type { Reply } from '../http/reply.ts';
import { wrongCall } from './problem.ts';

const Claimed = z.string().max(320, 'at most 320 characters').nullish();

/** What a caller says of its user. Other fields are taken and mean nothing. */
export const UserContext = z.looseObject({ user_id: Claimed, email: Claimed });
export type UserContext = z.output<typeof UserContext>;

/**
 * The person is who proved it to the door; what the body claims can only agree. Somebody else's e-mail in it is refused, so that a
 * program that mixes up its users is told so before anything happens in the wrong name (Q3). An id of another kind says nothing here.
 */
export function refuseOtherUser({ userId }: Speaker, claimed: UserContext | undefined): Reply | undefined {
  const others = [claimed?.user_id, claimed?.email].filter(
    (one) => one?.includes('@') && one.toLowerCase() !== userId.toLowerCase(),
  );
  if (others.length === 0) return undefined;
  return wrongCall(
    403,
    'access_denied',
    'user_context names somebody else than the one who signed in.',
    'Send the e-mail of the signed-in person, or leave user_context out: it gives nobody any right.',
  );
}
