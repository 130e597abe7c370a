/** Simulated AWS; real reads, writes stop at the last step; real reads and writes. */
export const MODES = ['LOCAL_MOCK', 'DRY_RUN', 'SANDBOX_LIVE'] as const;
