import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** 256 random bits in base64url: what a cookie holds. Only its hash is ever stored. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

const SECRET = /^[\w-]{43}$/;

/** A cookie of the console: for its own host, never for scripts, never on requests that another site's page makes. */
export interface Cookie {
  /** What the browser sent; undefined when it is none of ours, or sent twice. */
  read(request: IncomingMessage): string | undefined;
  set(secret: string, maxAgeSeconds: number): string;
  clear(): string;
}

/** `__Host-` binds it to this very host, but takes https; on loopback it has its plain name. */
export function createCookie(name: string, secure: boolean): Cookie {
  const whole = secure ? `__Host-${name}` : name;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    read({ headers }) {
      const sent = (headers.cookie ?? '').split('; ').filter((pair) => pair.startsWith(`${whole}=`));
      const [pair, ...more] = sent;
      const secret = pair?.slice(whole.length + 1);
      return more.length === 0 && secret !== undefined && SECRET.test(secret) ? secret : undefined;
    },
    set: (secret, maxAge) => `${whole}=${secret}; Max-Age=${maxAge}; ${attributes}`,
    clear: () => `${whole}=; Max-Age=0; ${attributes}`,
  };
}
