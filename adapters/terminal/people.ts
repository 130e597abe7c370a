/** Who can sit at the terminal. */
export interface TerminalPerson {
  /** E-mail. */
  id: string;
  name: string;
}

/** Finds a person by e-mail, by name, or by the first part of either; case does not matter. */
export function findPerson(people: readonly TerminalPerson[], asked: string): TerminalPerson[] {
  const wanted = asked.trim().toLowerCase();
  const whole = people.filter(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
  if (whole.length > 0) return whole;
  return people.filter(
    ({ id, name }) => id.toLowerCase().split('@')[0] === wanted || name.toLowerCase().split(' ')[0] === wanted,
  );
}

/** 'alice' of alice@example.com: short enough for a prompt. */
export const shortName = ({ id }: TerminalPerson): string => id.split('@')[0] ?? id;
