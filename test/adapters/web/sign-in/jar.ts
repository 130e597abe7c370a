/** A small browser: cookies by host and port, redirects one at a time. Nothing of it knows what it visits. */
export interface Jar {
  /** Cookies by `name`, of one origin. */
  cookies(origin: string): Map<string, string>;
  /** One request; `location` is where it leads, made whole. */
  send(url: string, init?: RequestInit): Promise<{ status: number; location?: string; response: Response }>;
  /** Follows redirects until there are none. */
  visit(url: string, init?: RequestInit): Promise<{ url: string; response: Response }>;
}

export function createJar(): Jar {
  const kept = new Map<string, Map<string, string>>();
  const cookies = (origin: string) => {
    const of = kept.get(origin) ?? new Map<string, string>();
    kept.set(origin, of);
    return of;
  };

  async function send(url: string, init: RequestInit = {}) {
    const { origin } = new URL(url);
    const own = cookies(origin);
    const cookie = [...own].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    if (cookie && !headers.has('cookie')) headers.set('cookie', cookie);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0|expires=Thu, 01 Jan 1970/i.test(line) || value === '') own.delete(name);
      else own.set(name, value);
    }
    const to = response.headers.get('location');
    return { status: response.status, location: to ? new URL(to, url).href : undefined, response };
  }

  return {
    cookies,
    send,
    async visit(url, init) {
      let sent = await send(url, init);
      let at = url;
      while (sent.location) {
        await sent.response.body?.cancel();
        at = sent.location;
        sent = await send(at);
      }
      return { url: at, response: sent.response };
    },
  };
}
