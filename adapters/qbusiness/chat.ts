import { z } from 'zod';
import type { Read } from './asked.ts';
import { given } from './input.ts';
import { read } from './read-shape.ts';
import { UserContext } from './user-context.ts';

export const Chat = z.looseObject({
  text: z
    .string('what to say, like "which alarms are firing?"')
    .max(20_000, 'at most 20,000 characters')
    .refine((text) => text.isWellFormed(), 'not valid Unicode')
    .refine((text) => text.trim() !== '', 'what to say, like "which alarms are firing?"')
    .describe('What the person says, in their own words'),
  // No colon: with the person's id before it, no two people can ever name the same conversation.
  conversation_id: z
    .string()
    .regex(/^[\w.@-]{1,100}$/, 'at most 100 letters, digits, dots, dashes, @ and underscores')
    .optional()
    .describe('Any name; calls with the same name are one conversation'),
  user_context: UserContext.optional(),
});

/** `POST /chat`: one thing said, in a conversation of one's own (Q1). */
export function readChat(body: Readonly<Record<string, unknown>>): Read {
  const parsed = read(Chat, given(body), 'Send {"text": "…", "conversation_id": "…"}.');
  if ('refused' in parsed) return parsed;
  const { text, conversation_id: conversation, user_context: userContext } = parsed.value;
  return {
    asked: {
      kind: 'chat',
      said: { text },
      conversation: conversation ?? 'default',
      userContext,
    },
  };
}
