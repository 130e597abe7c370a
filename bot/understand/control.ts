import { READ_ID } from '../evidence.ts';
import type { Understanding } from './understanding.ts';

/**
 * Commands about changes themselves and about kept reads, whole message only: `show chg-…`, `show token:approve-…`, `details chg-…`,
 * `show read-…`, `pause changes because …`, `resume changes`. An id alone shows what it names.
 */
export function readControl(message: string): Understanding | undefined {
  const words = message.trim().split(/\s+/);
  return readShow(words) ?? readPause(words);
}

const CHANGE = /^chg-[0-9a-f]{12}$/;
const TOKEN = /^token:(approve-[A-Za-z0-9_-]{16,128})$/;

function readShow(words: readonly string[]): Understanding | undefined {
  const [first = '', second = ''] = words;
  if (words.length > 2) return undefined;
  const [verb, id] = second === '' ? ['show', first] : [first.toLowerCase(), second];
  if (verb === 'show' && READ_ID.test(id)) return { kind: 'show_read', readId: id };
  const token = TOKEN.exec(second)?.[1];
  if (verb === 'show' && token !== undefined) return { kind: 'show_by_token', token };
  if (!CHANGE.test(id)) return undefined;
  if (verb === 'show') return { kind: 'show', approvalId: id };
  return verb === 'details' ? { kind: 'details', approvalId: id } : undefined;
}

function readPause([verb = '', what = '', because = '', ...reason]: readonly string[]): Understanding | undefined {
  if (what.toLowerCase() !== 'changes') return undefined;
  if (verb.toLowerCase() === 'resume' && because === '') return { kind: 'resume' };
  if (verb.toLowerCase() !== 'pause') return undefined;
  if (because === '') return { kind: 'pause' };
  return because.toLowerCase() === 'because' && reason.length > 0
    ? { kind: 'pause', reason: reason.join(' ') }
    : undefined;
}
