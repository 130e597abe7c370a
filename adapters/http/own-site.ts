import type { IncomingMessage } from 'node:http';
import type { Place } from './place.ts';
import { problem, type Reply } from './reply.ts';

/** A page on another name that resolves to this machine (DNS rebinding) shows that name here. */
export function refuseForeignHost(
  { headers }: IncomingMessage,
  place: Pick<Place, 'hosts' | 'base'>,
): Reply | undefined {
  if (place.hosts().includes((headers.host ?? '').toLowerCase())) return undefined;
  return problem(421, {
    code: 'access_denied',
    message: 'This server answers only to its own name.',
    hint: `Open ${place.base()}/ in a browser.`,
  });
}

/** Stops requests that a page of another site made the browser send. Programs that send neither header pass. */
export function refuseCrossSite({ headers }: IncomingMessage, { secure }: Pick<Place, 'secure'>): Reply | undefined {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const own = `${secure ? 'https' : 'http'}://${host}`.toLowerCase();
  const sameOrigin = origin === undefined || origin.toLowerCase() === own;
  const sameSite = site === undefined || site === 'same-origin' || site === 'none';
  return sameOrigin && sameSite ? undefined : crossSite();
}

/** What changes something has to say that it comes from our own page: every browser does. */
export function refuseUnsaidOrigin({ headers }: IncomingMessage): Reply | undefined {
  return headers.origin === undefined ? crossSite() : undefined;
}

const crossSite = (): Reply =>
  problem(403, {
    code: 'access_denied',
    message: 'The request came from a page of another site.',
    hint: 'Use the console that this server itself serves.',
  });
