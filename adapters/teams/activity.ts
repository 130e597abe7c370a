import { z } from 'zod';

/** Printable ASCII: ids are compared as exact bytes, and nothing that only looks like one is let in (SAFETY D7). */
const Id = z
  .string()
  .min(1)
  .max(400)
  .regex(/^[\x21-\x7e]+$/);

/** Of Entra: the tenant, and a person in it. */
const DirectoryId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

const Mention = z.object({
  type: z.literal('mention'),
  mentioned: z.object({ id: z.string().max(400), name: z.string().max(400).nullish() }),
  text: z.string().max(500),
});

/** What we read of a Bot Framework activity; everything else is dropped here. */
export const Activity = z.object({
  type: z.string().min(1).max(60),
  id: Id.nullish(),
  channelId: z.literal('msteams'),
  serviceUrl: z.string().min(1).max(300),
  from: z
    .object({
      id: Id,
      aadObjectId: DirectoryId.nullish(),
      name: z.string().max(400).nullish(),
      role: z.string().max(60).nullish(),
    })
    .nullish(),
  recipient: z.object({ id: Id }),
  conversation: z.object({
    id: Id,
    conversationType: z.string().max(40).nullish(),
    tenantId: DirectoryId.nullish(),
  }),
  channelData: z
    .object({
      tenant: z.object({ id: DirectoryId.nullish() }).nullish(),
      team: z.object({ id: Id.nullish() }).nullish(),
    })
    .nullish(),
  text: z.string().nullish(),
  entities: z.array(z.unknown()).max(5_000).nullish(),
  value: z.unknown().optional(),
  /** Of an invoke: 'adaptiveCard/action'. */
  name: z.string().max(100).nullish(),
  /** Of an installation: 'add', 'remove' … */
  action: z.string().max(60).nullish(),
  membersAdded: z
    .array(z.object({ id: Id }))
    .max(1_000)
    .nullish(),
});
export type Activity = z.output<typeof Activity>;

export type Mention = z.output<typeof Mention>;

/** The mentions among the entities; what is malformed is none. */
export function mentionsIn({ entities }: Activity): Mention[] {
  return (entities ?? []).flatMap((entity) => {
    const { success, data } = Mention.safeParse(entity);
    return success ? [data] : [];
  });
}

/** The tenant, where everything that names one names the same. */
export function tenantOf({ conversation, channelData }: Activity): string | undefined {
  const [one, other] = [conversation.tenantId ?? undefined, channelData?.tenant?.id ?? undefined];
  return one !== undefined && other !== undefined && one !== other ? undefined : (one ?? other);
}

/** A press of a button that speaks for the person: what they could have typed. */
export const SayPress = z.object({ kind: z.literal('say'), text: z.string().min(1).max(4000) });

const ApprovalId = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\x21-\x7e]+$/);

/** The value of an `adaptiveCard/action`. Inputs of the card arrive beside the data of its button. */
export const CardAction = z.object({
  trigger: z.string().max(40).nullish(),
  action: z.discriminatedUnion('verb', [
    z.object({
      type: z.literal('Action.Execute'),
      verb: z.literal('decide'),
      data: z.object({
        kind: z.literal('decide'),
        verdict: z.enum(['approve', 'reject', 'cancel']),
        approvalId: ApprovalId,
        digest: z.string().regex(/^[0-9a-f]{64}$/),
        reason: z.string().max(300).optional(),
      }),
    }),
    z.object({
      type: z.literal('Action.Execute'),
      verb: z.literal('refresh'),
      data: z.object({ kind: z.literal('refresh'), approvalId: ApprovalId }),
    }),
  ]),
});
export type CardAction = z.output<typeof CardAction>;
