import type { Understanding } from './understanding.ts';

/** Commands about changes themselves, whole message only: `show chg-…`, `details chg-…`, `pause changes because …`, `resume changes`. */
export function readControl(message: string): Understanding | undefined {
  const [first = '', second = '', ...rest] = message.trim().split(/\s+/);
  const verb = first.toLowerCase();
  if (verb === 'show' && CHANGE.test(second) && rest.length === 0) return { kind: 'show', approvalId: second };
  if (verb === 'details' && CHANGE.test(second) && rest.length === 0) return { kind: 'details', approvalId: second };
  if (CHANGE.test(first) && second === '') return { kind: 'show', approvalId: first };
  if (second.toLowerCase() !== 'changes') return undefined;
  if (verb === 'resume' && rest.length === 0) return { kind: 'resume' };
  if (verb !== 'pause') return undefined;
  const [because = '', ...reason] = rest;
  if (because === '') return { kind: 'pause' };
  return because.toLowerCase() === 'because' && reason.length > 0
    ? { kind: 'pause', reason: reason.join(' ') }
    : undefined;
}

const CHANGE = /^chg-[0-9a-f]{12}$/;
