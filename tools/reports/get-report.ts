import { z } from 'zod';
import { inputOf, Region } from '../params.ts';
import { TimeWindow, type Window, windowOf } from '../time-window.ts';
import { defineTool, type ToolContext } from '../tool.ts';
import { access } from './access.ts';
import { approvals } from './approvals.ts';
import { decisions } from './decisions.ts';
import { keys } from './keys.ts';
import { operations } from './operations.ts';
import { type Findings, REPORTS, Report, type ReportName } from './report.ts';
import { reportView } from './report-view.ts';
import { tags } from './tags.ts';

const Input = inputOf({
  report: z
    .enum(REPORTS, `one of ${REPORTS.join(', ')}`)
    .describe('access, operations, approvals, decisions, tags or keys')
    .meta({ param: 'choice' }),
  time_window: TimeWindow.unwrap()
    .default('7d')
    .describe('How far back: 24h, 7d, "yesterday"; up to 90 days. Tags and keys are always as of now')
    .meta({ param: 'time_window' }),
  region: Region,
});

const TITLES: Record<ReportName, string> = {
  access: 'Access review',
  operations: 'Operations',
  approvals: 'Waiting and expired approvals',
  decisions: 'How people decide',
  tags: 'Tag compliance',
  keys: 'Age of access keys',
};

/**
 * One report about OpsAgent's own work or about what guards it. Counts at most 10,000 audit records and 2,000 changes and says so
 * when that was not all; tags and keys are read from AWS now, whatever the time window.
 *
 * @throws OpsError `input_invalid` for a window, `aws_access_denied` where the read role lacks IAM's reads, `store_unavailable`
 */
export const getReport = defineTool({
  name: 'get_report',
  title: 'Report',
  summary: 'A report: access review, operations, waiting approvals, how people decide, tag compliance, age of keys.',
  effect: 'read',
  command: 'report',
  aliases: ['reports'],
  phrases: [
    '{report} report',
    '{report} report for {time_window}',
    'report on {report}',
    'show me the {report} report {time_window}',
    'access review',
    'who has access',
    'tag compliance',
    'which tags are missing',
    'how old are the keys',
    'key age',
    'decision latency {time_window}',
    'expired approvals',
  ],
  examples: ['report access', 'report operations 24h', 'report decisions 30d', 'report keys'],
  iam: [
    'ec2:DescribeInstances',
    'ecs:DescribeServices',
    'ecs:ListClusters',
    'ecs:ListServices',
    'iam:GetAccessKeyLastUsed',
    'iam:ListAccessKeys',
    'iam:ListUsers',
  ],
  input: Input,
  output: Report,

  async execute({ report, time_window }, context) {
    const window = windowOf(time_window, context.clock);
    const { figures, series = [], tables, limits = [] } = await find(report, window, context);
    const isNow = report === 'tags' || report === 'keys';
    return {
      report,
      title: TITLES[report],
      window: isNow ? 'now' : window.label,
      from: new Date(isNow ? context.clock.now() : window.from).toISOString(),
      to: new Date(isNow ? context.clock.now() : window.to).toISOString(),
      // A curve of nothing but zeros shows nothing.
      series: series.filter(({ points }) => points.some(({ value }) => value !== null && value > 0)),
      ...{ figures, tables, limits },
    };
  },

  view: (output, source) => reportView(output, source),
});

function find(report: ReportName, window: Window, context: ToolContext): Promise<Findings> {
  const { records, clock } = context;
  switch (report) {
    case 'access':
      return access(records, window);
    case 'operations':
      return operations(records, window);
    case 'approvals':
      return approvals(records, window, clock.now());
    case 'decisions':
      return decisions(records, window);
    case 'tags':
      return tags(context);
    case 'keys':
      return keys(context);
  }
}
