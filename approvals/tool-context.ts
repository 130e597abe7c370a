import type { Source } from '../cards/view.ts';
import { OpsError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Aws, WritePermit } from '../tools/aws/aws.ts';
import type { Notifier, ToolContext } from '../tools/tool.ts';
import type { Approval } from './approval.ts';
import type { GateParts } from './gate-parts.ts';
import { say } from './outbox.ts';
import { recordsFor } from './records.ts';

interface ContextRequest {
  region: string | undefined;
  actor: { id: string; name: string };
  correlationId: string;
  signal: AbortSignal;
  progress: (text: string) => void;
  permit?: WritePermit;
}

/** One call's view of the world: an AWS scope, the store, a deadline. Only the executor passes a permit. */
export async function openContext(parts: GateParts, request: ContextRequest): Promise<ToolContext> {
  const { region, correlationId, signal, permit, actor, progress } = request;
  const aws: Aws = await parts.aws.open({ region, correlationId, signal, permit });
  return {
    aws,
    store: parts.store,
    clock: parts.clock,
    signal,
    actor,
    correlationId,
    notify: notifier(parts),
    records: recordsFor(parts, signal),
    progress,
  };
}

/** The same for a change that is under way: its Region, its correlation id, its requester. */
export function openFor(
  parts: GateParts,
  { plan, correlation_id: correlationId }: Approval,
  how: Pick<ContextRequest, 'signal' | 'progress' | 'permit'>,
): Promise<ToolContext> {
  const name = parts.people.find(plan.requester)?.name ?? plan.requester;
  return openContext(parts, { ...how, region: plan.region, correlationId, actor: { id: plan.requester, name } });
}

/**
 * The same, in the mode and the account that the change is planned for: what another one says of it, or would do with it, is about
 * something else.
 *
 * @throws OpsError `config_invalid` for another mode, `aws_credentials` when the credentials lead elsewhere by now, and what the scope throws
 */
export async function openAsPlanned(
  parts: GateParts,
  approval: Approval,
  how: Pick<ContextRequest, 'signal' | 'progress' | 'permit'>,
): Promise<ToolContext> {
  const { mode } = approval.plan;
  if (mode !== parts.mode)
    throw new OpsError('config_invalid', `The change is of mode ${mode}; this process runs in ${parts.mode}.`, {
      hint: `Start OpsAgent with EXECUTION_MODE=${mode}.`,
    });
  const context = await openFor(parts, approval, how);
  const [here, there] = [context.aws.account.id, approval.plan.account];
  if (here === there) return context;
  throw new OpsError('aws_credentials', `The change is of account ${there}; the credentials are of account ${here}.`, {
    hint: `Start OpsAgent with credentials of account ${there}.`,
  });
}

/** Where and when the facts of a card were read. */
export function sourceOf({ mode, clock }: GateParts, { aws }: ToolContext): Source {
  const { id: account, alias: accountAlias } = aws.account;
  return { account, accountAlias, region: aws.region, at: new Date(clock.now()).toISOString(), mode };
}

function notifier({ settings, store, clock, route, changed }: GateParts): Notifier {
  const { channels, webhooks } = settings().value;
  return {
    channels,
    webhooks,
    async post(to, view) {
      const places = 'channel' in to ? route(to.channel) : [{ channel: 'webhook', id: to.webhookUrl }];
      await store.transact(places.map((place) => say(newId('post'), place, view, clock.now())));
      changed();
    },
  };
}
