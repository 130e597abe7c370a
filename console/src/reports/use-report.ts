import { useQuery } from '@tanstack/react-query';
import type { ReportName } from '../../../tools/reports/report.ts';
import { useSpeaking } from '../person.tsx';

/** One report. Each reading is recorded, so it is made when somebody asks, not when a window gets the focus. */
export function useReport(name: ReportName, window: string | undefined) {
  const { person, api } = useSpeaking();
  return useQuery({
    queryKey: ['report', person.id, name, window],
    queryFn: () => api.report(name, window),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
