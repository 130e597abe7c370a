import { problem, type Reply } from './reply.ts';

/** Of one person or service, whichever door they come through. */
export const tooManyCalls = (seconds: number): Reply =>
  tooMany('You called too often: 500 calls a minute are taken, half of them while Redis is lost.', seconds);

export function tooMany(message: string, seconds: number): Reply {
  const hint = `Try again in ${seconds} s.`;
  return problem(429, { code: 'too_many_requests', message, hint }, { 'retry-after': String(seconds) });
}
