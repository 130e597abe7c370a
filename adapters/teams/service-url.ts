import type { TeamsOptions } from './options.ts';

/**
 * Teams' connector in the public cloud, whatever the region: the region is in the path.
 * Left out: GCC, GCC High and DoD (smba.infra.*), which this adapter does not serve.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
const teamsHosts = ['smba.trafficmanager.net'];

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const longest = 300;

/** Whether a message, and the token with it, may be sent to this address. */
export type MaySendTo = (serviceUrl: string) => boolean;

export function createMaySendTo({
  credentials,
  serviceHosts = teamsHosts,
}: Pick<TeamsOptions, 'credentials' | 'serviceHosts'>): MaySendTo {
  const playground = credentials === 'unauthenticated-loopback';
  return (serviceUrl) => {
    const url = parseExactly(serviceUrl);
    if (!url) return false;
    const onThisMachine = isLoopback(url.hostname);
    // Without credentials no token exists, and nothing leaves the machine.
    if (playground) return onThisMachine;
    if (url.protocol === 'http:' && !onThisMachine) return false;
    return serviceHosts.includes(url.host);
  };
}

export const isLoopback = (hostname: string): boolean => loopbackNames.includes(hostname);

/**
 * The address if it stands there as every parser writes it: no user name, default port, escape, tab, back slash or capital
 * in the host that another reader could take for another place.
 */
function parseExactly(text: string): URL | undefined {
  if (text.length > longest || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return plain && web && (url.href === text || url.href === `${text}/`) ? url : undefined;
}
