import { z } from 'zod';

/** What follows a change beside the catalog. There is none that decides on one: that is for people, elsewhere (L2). */
export interface OwnTool {
  name: string;
  title: string;
  description: string;
  input: z.ZodObject;
  /** What a person would type; the input is parsed. */
  command(input: Record<string, unknown>): string;
}

const ChangeId = z.strictObject({
  approval_id: z
    .string()
    .regex(/^chg-[0-9a-f]{12}$/, 'an approval id is chg- and 12 hex digits, like chg-0a1b2c3d4e5f')
    .describe('The approval_id that a proposed change was answered with'),
});

export const OWN_TOOLS: readonly OwnTool[] = [
  {
    name: 'get_request_status',
    title: 'Where a proposed change stands',
    description:
      'Says whether a proposed change still waits, who approved or rejected it and why, and what came of it. Ask again after half a minute at the earliest.',
    input: ChangeId,
    command: ({ approval_id }) => `show ${approval_id}`,
  },
  {
    name: 'list_pending_changes',
    title: 'Changes that wait for approval',
    description: 'Lists the proposed changes that still wait for a person, with their approval_id.',
    input: z.strictObject({}),
    command: () => 'approvals',
  },
];
