import { z } from 'zod';

const Command = z.object({
  title: z.string(),
  type: z.enum(['basic', 'prompt']).optional(),
  prompt: z.string().optional(),
});

/** The parts of a Teams manifest that tests look into; whether the whole is right is for Microsoft's schema. */
export const TeamsManifest = z.object({
  id: z.string(),
  version: z.string(),
  bots: z.array(
    z.object({
      botId: z.string(),
      scopes: z.array(z.string()),
      commandLists: z.array(z.object({ scopes: z.array(z.string()), commands: z.array(Command).max(12) })),
    }),
  ),
  validDomains: z.array(z.string()),
});
