import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Message } from '../api.ts';
import { useSpeaking } from '../person.tsx';
import { withMessage } from './messages.ts';

/** The messages of a conversation, oldest first; events keep them fresh. */
export function useMessages(conversation: string) {
  const { person, api } = useSpeaking();
  const queries = useQueryClient();
  const queryKey = ['messages', person.id, conversation];
  return useQuery({
    queryKey,
    // Some things are shown once, on the event, and are not in the stored copy: what is here already stays.
    queryFn: async () => {
      const { messages } = await api.messages(conversation);
      return messages.reduce(withMessage, queries.getQueryData<Message[]>(queryKey) ?? []);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
