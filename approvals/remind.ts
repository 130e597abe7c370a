import type { MessageView } from '../cards/view.ts';
import { minutesUntil } from '../lib/utc.ts';
import type { Stored } from '../store/store.ts';
import type { Approval } from './approval.ts';
import { approverChannels, cards } from './asked.ts';
import type { GateParts } from './gate-parts.ts';
import { move } from './moves.ts';
import { samePlace, say } from './outbox.ts';
import { viewFor } from './view-for.ts';

/** Whether the next reminder is due: the first at half of the change's life, each next one at half of what is left. */
export function isReminderDue({ settings, clock }: GateParts): (row: Stored<Approval>) => boolean {
  return ({ value: { created_at, expires_at, reminders } }) => {
    if (reminders >= Math.max(1, approverChannels({ settings }).length - 1)) return false;
    const [from, to] = [Date.parse(created_at), Date.parse(expires_at)];
    const now = clock.now();
    return now >= to - (to - from) / 2 ** (reminders + 1) && now < to;
  };
}

/** Nobody answered: those who were asked hear how long is left, and the next channel is asked too (G14). Once, whoever comes first. */
export async function remind(parts: GateParts, row: Stored<Approval>): Promise<boolean> {
  const { id, value } = row;
  const reminders = value.reminders + 1;
  const next = approverChannels(parts)[reminders];
  const known = value.asked_in ? [...value.asked, value.asked_in] : value.asked;
  const asking =
    next === undefined ? [] : parts.route(next).filter((one) => !known.some((place) => samePlace(place, one)));
  const now = parts.clock.now();
  const said = reminder(value, asking.length > 0 ? next : undefined, now);
  const moved = await move(parts, row, {
    event: { type: 'remind', reminders, asking },
    facts: { type: 'approval_reminded', summary: said.body },
    writes: [
      ...value.asked.map((place, index) =>
        say(`${id}:reminder:${reminders}:${index}`, place, said, now, { under: id }),
      ),
      ...cards(value, viewFor(parts, value), asking, now),
    ],
  });
  return moved.moved;
}

function reminder(
  { plan, votes, expires_at, correlation_id }: Approval,
  next: string | undefined,
  now: number,
): MessageView {
  const left = `Expires in ${minutesUntil(Date.parse(expires_at), now)}; ${votes.length} of ${plan.quorum} approvals so far.`;
  return {
    kind: 'message',
    title: `Still waiting: ${plan.action}`,
    status: 'waiting',
    body: next ? `${left} ${next} is asked now as well.` : left,
    correlationId: correlation_id,
  };
}
