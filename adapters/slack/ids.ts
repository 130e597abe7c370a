import { z } from 'zod';

export const channelName = 'slack';

/** Slack's own ids, exact bytes: `T…` workspaces, `E…` Enterprise Grid organisations, `U…` `W…` people, `C…` `D…` `G…` channels. */
export const SlackId = z.string().regex(/^[A-Z0-9]{2,32}$/);

/** Of a message; with its channel it names the message. */
export const MessageTs = z.string().regex(/^\d{1,16}\.\d{1,9}$/);

/** A message as Slack names it. */
export const Posted = z.object({ channel: SlackId, ts: MessageTs });
export type Posted = z.output<typeof Posted>;

/** Where messages go. `org` is the Enterprise Grid organisation (`E…`) when the app is installed in all of it, else the workspace. */
export interface Place {
  org: string;
  channel: string;
  /** The `ts` of the message that the thread hangs under. */
  thread?: string;
}

const PLACE = /^([A-Z0-9]{2,32})\/([A-Z0-9]{2,32})(?:\/(\d{1,16}\.\d{1,9}))?$/;

/** `<organisation>/<channel>` or `<organisation>/<channel>/<thread>`. */
export const placeId = ({ org, channel, thread }: Place): string =>
  thread === undefined ? `${org}/${channel}` : `${org}/${channel}/${thread}`;

export function placeOf(id: string): Place | undefined {
  const [, org, channel, thread] = PLACE.exec(id) ?? [];
  return org === undefined || channel === undefined ? undefined : { org, channel, thread };
}

/** `<organisation>/<user>`. */
export const accountId = (org: string, user: string): string => `${org}/${user}`;

export function accountOf(id: string): { org: string; user: string } | undefined {
  const place = placeOf(id);
  return place && place.thread === undefined ? { org: place.org, user: place.channel } : undefined;
}

/** One person's own conversation with the app: a direct message, or the person, to whom Slack opens one. */
export const isDirect = (channel: string): boolean => /^[DUW]/.test(channel);
