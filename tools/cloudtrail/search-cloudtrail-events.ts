import type { LookupAttribute } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import type { Action } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { inputOf, inRegion, instanceIdPattern, maxResults, Region } from '../params.ts';
import { TimeWindow, windowOf } from '../time-window.ts';
import { defineTool, type ToolContext } from '../tool.ts';
import { TrailEvent, toTrailEvent } from './trail-event.ts';

const PAGE_SIZE = 50;
const PAGE_CAP = 2;
/** CloudTrail answers two look-ups a second for the whole account and Region. */
const BETWEEN_PAGES_MS = 600;

const Input = inputOf({
  event_name: z
    .string()
    .regex(/^[A-Za-z0-9]{1,100}$/, 'an event name like RebootInstances; a resource goes into resource_name')
    .optional()
    .describe('Only this API call, like RebootInstances')
    .meta({ param: 'word' }),
  resource_name: z
    .string()
    .regex(/^[\w:./@+=,-]{1,300}$/, 'an id, name or ARN, like i-0a1b2c3d4e5f60718')
    .optional()
    .describe('Only calls that touched this resource: id, name or ARN')
    .meta({ param: 'word' }),
  time_window: TimeWindow.unwrap()
    .default('1h')
    .describe('How far back: 15m, 1h, 7d, "last 30 minutes", "since 09:00" (UTC), "yesterday"; 1 minute to 90 days')
    .meta({ param: 'time_window' }),
  max_results: maxResults(50),
  region: Region,
});

const Output = z.object({
  events: z.array(TrailEvent),
  /** What CloudTrail itself was asked for. */
  searched: z.string(),
  window: z.string(),
  more: z.boolean(),
});

/**
 * Who did what, newest first, from CloudTrail's management events of one Region and the last 90 days; it may lag by minutes.
 * AWS takes one attribute per look-up: the resource if given, else the event name, else changes only; the rest is
 * filtered here. At most two pages of 50, spaced for CloudTrail's two requests a second.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const searchCloudtrailEvents = defineTool({
  name: 'search_cloudtrail_events',
  title: 'CloudTrail events',
  summary: 'Who did what to a resource and when: CloudTrail events of one Region, newest first.',
  effect: 'read',
  command: 'cloudtrail',
  aliases: ['trail', 'who changed'],
  phrases: [
    'who changed {resource_name}',
    'who touched {resource_name}',
    'who rebooted {resource_name}',
    'who did {event_name}',
    'who called {event_name} in {time_window}',
    'what happened to {resource_name}',
    'what happened to {resource_name} {time_window}',
    'who changed {resource_name} {time_window}',
    'what changed {time_window}',
    'show {event_name} events {time_window}',
    'cloudtrail events for {resource_name}',
  ],
  examples: ['cloudtrail RebootInstances', 'cloudtrail resource_name=i-0bad5eed2c0ffee02 time_window=24h'],
  iam: ['cloudtrail:LookupEvents'],
  input: Input,
  output: Output,

  async execute({ event_name, resource_name, time_window, max_results }, context) {
    const window = windowOf(time_window, context.clock);
    const attribute = attributeFor(event_name, resource_name);
    const wanted = event_name?.toLowerCase();
    const matches = ({ event }: TrailEvent) => wanted === undefined || event.toLowerCase() === wanted;
    const { events, more } = await lookUp(attribute, window, { matches, most: max_results }, context);
    return { events, more, searched: `${attribute.AttributeKey}=${attribute.AttributeValue}`, window: window.label };
  },

  view({ events, searched, window, more }, source, { region, resource_name, event_name }) {
    const cut = more ? 'More events exist: narrow the window or name a resource. ' : '';
    const changes = searched === 'ReadOnly=false' ? 'Changes only. ' : '';
    const here = resource_name !== undefined && event_name !== undefined ? ` with EventName=${event_name}` : '';
    return {
      kind: 'table',
      title: titleOf({ count: events.length, event_name, resource_name, window }),
      source,
      columns: ['When', 'Who', 'Event', 'Resources', 'From'],
      rows: events.map(({ at, who, event, service, error, resources, from }) => [
        at === '' ? 'unknown' : { at },
        who,
        error === '' ? `${event} (${service})` : { text: `${event} (${service}): ${error}`, status: 'warning' },
        resources.join(', '),
        from,
      ]),
      empty: `No CloudTrail events for ${searched}${here} in ${source.region}, ${window}.${byIdHint(resource_name)}`,
      note: `${cut}${changes}Management events of ${source.region} only, at most 90 days back; the newest may lag by minutes.`,
      actions: actionsFor(resource_name, inRegion(region)),
    };
  },
});

interface Title {
  count: number;
  event_name?: string;
  resource_name?: string;
  window: string;
}

/** 'CloudTrail: 2 RebootInstances events for checkout, last hour': what was asked stands in it, so that nothing was left out unseen. */
function titleOf({ count, event_name, resource_name, window }: Title): string {
  const events = `${event_name === undefined ? '' : `${event_name} `}event${count === 1 ? '' : 's'}`;
  const about = resource_name === undefined ? '' : ` for ${cleanText(resource_name, 60)}`;
  return `CloudTrail: ${count} ${events}${about}, ${window}`;
}

const anyIdOrArn = /^(arn:|[a-z]{1,10}-([0-9a-f]{8}|[0-9a-f]{17})$)/;

function byIdHint(resourceName: string | undefined): string {
  if (resourceName === undefined || anyIdOrArn.test(resourceName)) return '';
  return ' EC2 resources are recorded by id, not by Name tag: find the id with "ec2 list".';
}

function attributeFor(eventName: string | undefined, resourceName: string | undefined) {
  if (resourceName !== undefined) return { AttributeKey: 'ResourceName', AttributeValue: resourceName } as const;
  if (eventName !== undefined) return { AttributeKey: 'EventName', AttributeValue: eventName } as const;
  return { AttributeKey: 'ReadOnly', AttributeValue: 'false' } as const;
}

interface Wanted {
  matches: (event: TrailEvent) => boolean;
  most: number;
}

async function lookUp(
  attribute: LookupAttribute,
  window: { from: number; to: number },
  { matches, most }: Wanted,
  context: ToolContext,
) {
  const cloudtrail = await context.aws.client('cloudtrail');
  const events: TrailEvent[] = [];
  let next: string | undefined;
  for (let page = 0; page < PAGE_CAP && events.length < most; page++) {
    if (page > 0) await context.clock.sleep(BETWEEN_PAGES_MS, context.signal);
    context.progress('searching CloudTrail…');
    const answer = await cloudtrail.lookupEvents({
      LookupAttributes: [attribute],
      StartTime: new Date(window.from),
      EndTime: new Date(window.to),
      MaxResults: PAGE_SIZE,
      NextToken: next,
    });
    events.push(...(answer.Events ?? []).map(toTrailEvent).filter(matches));
    next = answer.NextToken;
    if (next === undefined) break;
  }
  events.sort((a, b) => b.at.localeCompare(a.at));
  return { events: events.slice(0, most), more: next !== undefined || events.length > most };
}

function actionsFor(resource: string | undefined, where: string): Action[] {
  if (resource === undefined) return [];
  const wider: Action = {
    kind: 'say',
    label: 'Last 7 days',
    text: `cloudtrail resource_name=${resource} time_window=7d${where}`,
  };
  if (!instanceIdPattern.test(resource)) return [wider];
  return [wider, { kind: 'say', label: `Status of ${resource}`, text: `ec2 status ${resource}${where}` }];
}
