/** Under which names people reach the console, and how. */
export interface Place {
  /** 'https://ops.example.com', 'http://localhost:3978': where links lead and people come back to. */
  base(): string;
  /** On https cookies are bound to the host and browsers are told to stay there. */
  secure: boolean;
  /** The values of `Host` that are ours, in lower case. */
  hosts(): readonly string[];
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * With sign-in one name only, because a session is one name's: PUBLIC_URL, or localhost where there is none. Without it this machine's
 * own names, whatever PUBLIC_URL says: nobody may be anybody through a proxy.
 */
export function createPlace({ publicUrl, signIn }: { publicUrl?: string; signIn: boolean }, port: () => number): Place {
  const url = signIn ? publicUrl : undefined;
  const base = () => new URL(url ?? `http://localhost:${port()}`).origin;
  const local = () => LOOPBACK.flatMap((name) => (port() === 80 ? [name, `${name}:80`] : [`${name}:${port()}`]));
  return {
    base,
    secure: url?.startsWith('https:') ?? false,
    hosts: () => (signIn ? [new URL(base()).host] : local()),
  };
}
