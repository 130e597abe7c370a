/** What was sent to one door, and what came of it. */
export interface DoorReport {
  sent: number;
  /** Of them as they should be: so that a door that refuses everything is noticed. */
  good: number;
  accepted: number;
  /** Accepted that should not have been, refused that should not have been, and answers of a fault; in words. */
  wrong: string[];
}

export const emptyReport = (): DoorReport => ({ sent: 0, good: 0, accepted: 0, wrong: [] });

/** `isGood`: it has to be accepted; anything else must not be. */
export function count(report: DoorReport, what: string, isGood: boolean, isAccepted: boolean): void {
  report.sent += 1;
  report.good += Number(isGood);
  report.accepted += Number(isAccepted);
  if (isGood !== isAccepted) report.wrong.push(`${what}: ${isAccepted ? 'accepted' : 'refused'}`);
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ '];

/** A token with one to four characters changed, added or left out; never the token itself, nor with blanks around it. */
export function changedToken(
  token: string,
  random: { below(limit: number): number; pick<T>(from: readonly T[]): T },
): string {
  let other = token;
  while (other.trim() === token) {
    for (let times = random.below(4); times >= 0; times -= 1) {
      const at = random.below(other.length);
      const keep = random.below(3);
      other = `${other.slice(0, at)}${keep === 0 ? '' : random.pick(LETTERS)}${other.slice(keep === 1 ? at : at + 1)}`;
    }
  }
  return other;
}
