import type { Message } from '../api.ts';

/** One more message, or a newer revision of a known one, in its place. An older revision that arrives late changes nothing. */
export function withMessage(messages: readonly Message[], message: Message): Message[] {
  const known = messages.find(({ id }) => id === message.id);
  if (!known) return [...messages, message].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (known.revision >= message.revision) return [...messages];
  return messages.map((old) => (old.id === message.id ? message : old));
}

/** What `person` typed in this conversation, newest first, repeats left out: what the Up key walks through. */
export function spokenBy(person: string, messages: readonly Message[]): string[] {
  const texts = messages.flatMap(({ from, person: speaker, text }) =>
    from === 'person' && speaker?.id === person && text ? [text] : [],
  );
  return [...new Set(texts.reverse())];
}

/** How often `person` said exactly `text` here: one more than before means that a sent text has arrived. */
export function timesSaid(person: string, text: string, messages: readonly Message[]): number {
  return messages.filter((one) => one.from === 'person' && one.person?.id === person && one.text === text).length;
}
