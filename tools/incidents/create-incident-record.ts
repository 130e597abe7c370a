import { z } from 'zod';
import type { View } from '../../cards/view.ts';
import { asOpsError } from '../../lib/errors.ts';
import { inputOf } from '../params.ts';
import { defineTool, type Notifier } from '../tool.ts';
import { fileIncident } from './file-incident.ts';
import { Incident, incidentFields, severities, severityStatus } from './incident.ts';

const MOST_LINKS = 10;

const LINKS = `up to ${MOST_LINKS} https:// links with commas or spaces between, like https://wiki.example.com/runbook`;

const Input = inputOf({
  summary: z
    .string()
    .trim()
    .min(3, 'at least 3 characters that say what is wrong, like "checkout answers 503"')
    .max(500, 'at most 500 characters')
    .describe('What is wrong, in one or two sentences')
    .meta({ param: 'text' }),
  severity: z
    .enum(severities, `one of ${severities.join(', ')}`)
    .describe('low, medium, high or critical')
    .meta({ param: 'severity' }),
  links: z
    .string()
    .max(2000, 'at most 2000 characters')
    .refine((text) => linksIn(text).length <= MOST_LINKS && linksIn(text).every(isHttpsLink), LINKS)
    .optional()
    .describe('https links to dashboards or runbooks, with commas or spaces between')
    .meta({ param: 'link' }),
});

const Notification = z.object({ to: z.string(), sent: z.boolean(), because: z.string() });
const Output = z.object({ incident: Incident, notifications: z.array(Notification) });

/**
 * Opens an incident under the next number of its year and tells the first configured channel.
 * The incident stands when the channel cannot be told; the answer says so.
 *
 * @throws OpsError `store_unavailable`
 */
export const createIncidentRecord = defineTool({
  name: 'create_incident_record',
  title: 'Create incident',
  summary: 'Opens an incident record with a number, a severity and links, and tells the first configured channel.',
  effect: 'workflow',
  command: 'incident create',
  aliases: ['incident open', 'incident new'],
  phrases: [
    'create an incident {summary}',
    'open an incident {summary}',
    'open a {severity} incident {summary}',
    'create a {severity} incident {summary}',
    'new incident {summary}',
    'declare an incident {summary}',
    'file an incident {summary} severity {severity}',
    'raise a {severity} incident for {summary}',
    'log an incident {summary}',
  ],
  examples: [
    'incident create "checkout answers 503" high',
    'incident create "disk of web-2 is full" medium links=https://wiki.example.com/runbooks/disk',
  ],
  iam: [],
  input: Input,
  output: Output,

  async execute({ summary, severity, links = '' }, context) {
    const { actor, correlationId, notify } = context;
    const incident = await fileIncident(
      {
        summary,
        severity,
        status: 'open',
        links: linksIn(links),
        created_by: actor.id,
        created_by_name: actor.name,
        correlation_id: correlationId,
      },
      context,
    );
    return { incident, notifications: await announce(incident, notify) };
  },

  view: ({ incident, notifications }) => ({
    kind: 'facts',
    title: `Incident ${incident.id} is open`,
    status: 'good',
    fields: [
      ...incidentFields(incident),
      {
        label: 'Notifications',
        value: notifications.map(notificationText).join('; ') || 'none: no channel is configured',
      },
    ],
    actions: [{ kind: 'say', label: 'Open incidents', text: 'incident list' }],
  }),
});

function linksIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((link) => link !== '');
}

/** Absolute https with a host and no user or password in it. */
function isHttpsLink(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.host !== '' && url.username === '' && url.password === '';
}

/** The record is already stored, so a channel that cannot be told is said in the answer, not thrown. */
async function announce(incident: Incident, notify: Notifier): Promise<z.output<typeof Notification>[]> {
  const [channel] = notify.channels;
  if (channel === undefined) return [];
  try {
    await notify.post({ channel }, announcement(incident));
    return [{ to: channel, sent: true, because: '' }];
  } catch (thrown) {
    return [{ to: channel, sent: false, because: asOpsError(thrown).message }];
  }
}

function announcement(incident: Incident): View {
  return {
    kind: 'facts',
    title: `New incident ${incident.id}, ${incident.severity}`,
    status: severityStatus[incident.severity],
    fields: incidentFields(incident),
    correlationId: incident.correlation_id,
    actions: [{ kind: 'say', label: 'Show', text: `incident show ${incident.id}` }],
  };
}

function notificationText({ to, sent, because }: z.output<typeof Notification>): string {
  return sent ? `sent to ${to}` : `not sent to ${to}: ${because}`;
}
