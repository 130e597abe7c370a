const SEVERITIES: Readonly<Record<string, string>> = {
  low: 'low',
  sev4: 'low',
  'sev-4': 'low',
  p4: 'low',
  medium: 'medium',
  sev3: 'medium',
  'sev-3': 'medium',
  p3: 'medium',
  high: 'high',
  sev2: 'high',
  'sev-2': 'high',
  p2: 'high',
  critical: 'critical',
  sev1: 'critical',
  'sev-1': 'critical',
  p1: 'critical',
};

/** 'sev1' and 'p1' are critical, 'sev2' high, and so on. `word` is lower case. */
export function severityOf(word: string): string | undefined {
  return Object.hasOwn(SEVERITIES, word) ? SEVERITIES[word] : undefined;
}
