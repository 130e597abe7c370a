import type { ApprovalView } from '../cards/view.ts';
import type { Write } from '../store/store.ts';
import type { Approval } from './approval.ts';
import type { GateParts } from './gate-parts.ts';
import { type Address, say } from './outbox.ts';

type Parts = Pick<GateParts, 'settings' | 'route'>;

/** The channels that are asked to approve, in the order they are asked (G14). */
export function approverChannels({ settings }: Pick<Parts, 'settings'>): readonly string[] {
  const { approvers, channels } = settings().value;
  return approvers ?? channels.slice(0, 1);
}

/** Where the first of them is. */
export function askedFirst(parts: Parts): Address[] {
  const [first = ''] = approverChannels(parts);
  return [...parts.route(first)];
}

/** The change's card for each place; one place gets it once, however often it is asked. */
export function cards({ id }: Approval, view: ApprovalView, places: readonly Address[], now: number): Write[] {
  return places.map((place) => say(`${id}:card:${place.channel}:${place.id}`, place, view, now, { card_of: id }));
}
