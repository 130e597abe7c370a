/** The places of a change's life where a process is killed (SAFETY §5.4), in the order in which a store meets them. */
export const POINTS = {
  P1: 'proposal stored, nobody told',
  P2: 'card posted, its place not stored',
  P3: "inside the vote's transaction",
  P4: 'first of two votes committed, the press not answered',
  P5: 'approved, not claimed',
  P6: 'INTENT committed, call not sent',
  P7: 'call made, answer on its way',
  /** After P7, so that there is something to take up. */
  P11: 'during recovery itself',
  P8: 'answer there, no OUTCOME',
  P9: 'OUTCOME committed, chat not told',
  P10: 'during a checkpoint',
  P12: 'during shutdown, a call under way',
} as const;
export type Point = keyof typeof POINTS;
