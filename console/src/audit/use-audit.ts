import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useSpeaking } from '../person.tsx';
import type { AuditFilters } from '../routes.ts';

/** Pages of audit records that pass the filters, newest first. */
export function useAudit(filters: AuditFilters) {
  const { person, api } = useSpeaking();
  return useInfiniteQuery({
    queryKey: ['audit', person.id, filters],
    queryFn: ({ pageParam }) => api.audit({ ...filters, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
}

/** Whether the record still vouches for itself: the server walks the whole chain for it. */
export function useChain() {
  const { person, api } = useSpeaking();
  const anew = useRef(false);
  const chain = useQuery({
    queryKey: ['audit', person.id, 'chain'],
    queryFn: () => {
      const wanted = anew.current ? 'fresh' : 'recent';
      anew.current = false;
      return api.chain(wanted);
    },
    staleTime: 60_000,
  });
  const verifyAnew = () => {
    anew.current = true;
    return chain.refetch();
  };
  return { ...chain, verifyAnew };
}

export function useAuditChoices() {
  const { person, api } = useSpeaking();
  return useQuery({
    queryKey: ['audit-choices', person.id],
    queryFn: api.auditChoices,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
