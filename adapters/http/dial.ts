import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** Whether a host may be connected to at this address of it. */
export type MayDial = (host: string, address: string) => boolean;

/**
 * For the `lookup` of a request: a name is resolved once, every address it has must be one that may be dialled, and what is dialled
 * is what was checked. A name that leads elsewhere a moment later (DNS rebinding) changes nothing. A host that is an address
 * itself is never looked up: that is `assertMayDial`'s.
 */
export function checkedLookup(mayDial: MayDial, resolve: LookupFunction = systemLookup): LookupFunction {
  return (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error) return done(error, '', 0);
      if (!first || !addresses.every(({ address }) => mayDial(host, address)))
        return done(new ForbiddenAddress(host), '', 0);
      if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
}

/** @throws ForbiddenAddress for a URL whose host is an address that may not be dialled */
export function assertMayDial({ hostname }: URL, mayDial: MayDial): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayDial(host, host)) throw new ForbiddenAddress(host);
}

/** Nothing was sent, and the same would not be sent later either. */
export class ForbiddenAddress extends Error {
  constructor(host: string) {
    super(`${host} leads to an address that is not connected to`);
    this.name = 'ForbiddenAddress';
  }
}
