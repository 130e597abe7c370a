import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSpeaking } from '../person.tsx';

/** Pages of approvals, newest first; an `approvals` event makes them fetch again. */
export function useApprovals(state: 'pending' | 'decided') {
  const { person, api } = useSpeaking();
  return useInfiniteQuery({
    queryKey: ['approvals', person.id, state],
    queryFn: ({ pageParam }) => api.approvals(state, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
}

/** How many approvals of the first page wait for a decision (at most 50). */
export function usePendingCount(): number {
  return useApprovals('pending').data?.pages[0]?.approvals.length ?? 0;
}

export function useApproval(id: string) {
  const { person, api } = useSpeaking();
  return useQuery({ queryKey: ['approvals', person.id, 'one', id], queryFn: () => api.approval(id) });
}
