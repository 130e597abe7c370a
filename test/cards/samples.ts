import type { ApprovalState, ApprovalView, ChartView, Series, Source, View, ViewKind, Vote } from '../../cards/view.ts';

export const source: Source = {
  account: '123456789012',
  accountAlias: 'acme-prod',
  region: 'eu-west-1',
  at: '2026-11-21T03:04:05Z',
  mode: 'SANDBOX_LIVE',
};

const correlationId = '0b6f6e1c-3d52-4a55-9a59-2f5f0e6f7a11';
const digest = '3f2a91bc04de5a6b7c8d9e0f112233445566778899aabbccddeeff0011223344';

export function series(values: readonly (number | null)[], label = 'CPU utilisation', unit = 'percent'): Series {
  const start = Date.parse('2026-11-21T02:00:00Z');
  const points = values.map((value, index) => ({ at: new Date(start + index * 60_000).toISOString(), value }));
  return { label, unit, points };
}

/** A spike in an otherwise calm hour, with a gap. */
export const spike = series(
  Array.from({ length: 60 }, (_, minute) => {
    if (minute >= 22 && minute < 26) return null;
    return minute > 40 && minute < 49 ? 84 + ((minute * 7) % 9) : 11 + ((minute * 13) % 7);
  }),
);

const votes: Record<'bob' | 'dave' | 'no' | 'cancel', Vote> = {
  bob: { person: 'bob@example.com', verdict: 'approve', at: '2026-11-21T03:06:10Z' },
  dave: { person: 'dave@example.com', verdict: 'approve', at: '2026-11-21T03:07:42Z' },
  no: {
    person: 'bob@example.com',
    verdict: 'reject',
    at: '2026-11-21T03:06:10Z',
    reason: 'The nightly batch runs on it until 04:00. Ask again after that.',
  },
  cancel: { person: 'alice@example.com', verdict: 'cancel', at: '2026-11-21T03:05:00Z' },
};

/** A proposal of high risk, waiting for the first of two people. */
export function approvalSample(overrides: Partial<ApprovalView> = {}): ApprovalView {
  return {
    kind: 'approval',
    title: 'Approval needed',
    status: 'waiting',
    source,
    correlationId,
    approvalId: 'chg-5d1f0a9c2b47',
    state: 'pending',
    action: 'Reboot EC2 instance i-0abc123def4567890 (web_1)',
    target: 'i-0abc123def4567890 (web_1)',
    changes: [
      { field: 'operating system', before: 'running since 2026-10-02 11:20 UTC', after: 'restarted' },
      { field: 'instance state', before: 'running', after: 'running' },
    ],
    risk: 'high',
    riskReasons: ['tag Environment is production', 'one of 2 healthy targets of web-tg'],
    impact: {
      downtime: 'about 2 minutes for this instance',
      affected: ['target group web-tg (1 of 2 targets left)', 'ALB web-alb'],
      recovery: 'If it does not come back in 10 minutes: stop and start it, or replace it from the launch template.',
    },
    requester: 'alice@example.com',
    reason: 'Memory leak in the worker; the health check flaps since 02:40 UTC.',
    expiresAt: '2026-11-21T03:19:05Z',
    digestPrefix: '3f2a91bc04de',
    quorum: 2,
    votes: [],
    mayApprove: 'admin, ops-lead or senior-engineer',
    warnings: ['The instance was named by a tool answer, not by the requester. Check that it is the right one.'],
    outcome: [],
    actions: [
      decide('approve', 'Approve', 'primary', 'none'),
      decide('reject', 'Reject', 'danger', 'required'),
      decide('cancel', 'Cancel my request', undefined, 'none'),
    ],
    ...overrides,
  };
}

function decide(
  verdict: 'approve' | 'reject' | 'cancel',
  label: string,
  style: 'primary' | 'danger' | undefined,
  reason: 'required' | 'none',
) {
  return { kind: 'decide', label, verdict, approvalId: 'chg-5d1f0a9c2b47', digest, style, reason } as const;
}

const both = [votes.bob, votes.dave];

/** What the same proposal looks like in every state. */
export const approvalStates: Record<ApprovalState, ApprovalView> = {
  pending: approvalSample({ votes: [votes.bob] }),
  approved: approvalSample({ state: 'approved', votes: both }),
  executing: approvalSample({ state: 'executing', votes: both }),
  succeeded: approvalSample({
    state: 'succeeded',
    status: 'good',
    votes: both,
    warnings: [],
    outcome: [
      'RebootInstances accepted by AWS at 03:07:44 UTC, request id 8c2d1f5e.',
      'Verified: both status checks passed again at 03:09:31 UTC.',
    ],
  }),
  failed: approvalSample({
    state: 'failed',
    votes: both,
    outcome: ['AWS refused it: UnauthorizedOperation. The execution role lacks ec2:RebootInstances on this instance.'],
  }),
  unknown: approvalSample({
    state: 'unknown',
    votes: both,
    outcome: ['The request was sent at 03:07:44 UTC and no answer came. It will not be sent again.'],
  }),
  closed_unknown: approvalSample({
    state: 'closed_unknown',
    votes: both,
    outcome: ['Closed by erin@example.com with CloudTrail event 5b0f as evidence.'],
  }),
  rejected: approvalSample({ state: 'rejected', votes: [votes.no] }),
  expired: approvalSample({ state: 'expired', votes: [votes.bob] }),
  cancelled: approvalSample({ state: 'cancelled', votes: [votes.cancel] }),
  invalidated: approvalSample({
    state: 'invalidated',
    votes: both,
    outcome: ['The instance state was running at the proposal and is stopped now.'],
  }),
  superseded: approvalSample({ state: 'superseded', outcome: ['Replaced by chg-77aa00bb11cc.'] }),
};

const scaleOut = approvalSample({
  action: 'Scale ECS service checkout in cluster shop from 2 to 4 tasks',
  target: 'shop/checkout',
  changes: [{ field: 'desired count', before: '2', after: '4' }],
  risk: 'low',
  riskReasons: [],
  impact: { downtime: 'none', affected: [], recovery: 'Scale back to 2.' },
  reason: undefined,
  quorum: 1,
  mayApprove: 'anyone on the list, also the requester',
  warnings: [],
  source: { ...source, accountAlias: undefined, mode: 'LOCAL_MOCK' },
  token: 'approve-9r2mVhYyK0t3b8Qw5Xc1ZsLpUe7GfDaNjIoTqRkM4xE',
});

const chart: ChartView = {
  kind: 'chart',
  title: 'CPU of i-0abc123def4567890 (web_1), last hour',
  status: 'warning',
  source,
  correlationId,
  fields: [
    { label: 'Average', value: '24.6 %' },
    { label: 'Trend', value: { text: 'rising', status: 'warning' } },
    { label: 'Data points', value: '56 of 60 minutes' },
  ],
  series: [spike, series([1200, 1_500_000, 900_000, 0, 2_400_000], 'Network in', 'bytes/s')],
  actions: [{ kind: 'say', label: 'Last 24 hours', text: 'metrics AWS/EC2 CPUUtilization i-0abc123def4567890 24h' }],
};

/** At least one rich card per kind; approvals in every state. */
export const samples: Record<ViewKind, View[]> = {
  message: [
    {
      kind: 'message',
      title: 'Posted to #ops',
      status: 'good',
      body: 'The summary was posted to #ops.\n\n1. web_1 was restarted at 03:07 UTC.\n2. Both targets of web-tg are healthy.',
      correlationId,
      actions: [{ kind: 'link', label: 'Open the console', url: 'http://127.0.0.1:3978/' }],
    },
  ],
  facts: [
    {
      kind: 'facts',
      title: 'i-0abc123def4567890 (web_1)',
      status: 'good',
      source,
      correlationId,
      fields: [
        { label: 'State', value: { text: 'running', status: 'good' } },
        { label: 'Status checks', value: { text: '2 of 2 passed', status: 'good' } },
        { label: 'Type', value: 'm7g.large' },
        { label: 'Zone', value: 'eu-west-1a' },
        { label: 'Launched', value: { at: '2026-10-02T11:20:00Z' } },
        { label: 'Tags', value: 'Environment=production, OpsAgentManaged=true, Owner=team_web*, Path=C:\\apps\\web' },
      ],
      actions: [
        { kind: 'say', label: 'CPU, last hour', text: 'metrics AWS/EC2 CPUUtilization i-0abc123def4567890 1h' },
        { kind: 'say', label: 'Reboot', text: 'ec2 reboot i-0abc123def4567890', style: 'danger' },
      ],
      note: 'Understood by the command grammar.',
    },
  ],
  table: [
    {
      kind: 'table',
      title: 'EC2 instances in eu-west-1',
      source,
      correlationId,
      columns: ['Instance', 'Name', 'State', 'Type', 'Launched'],
      rows: [
        [
          'i-0abc123def4567890',
          'web_1',
          { text: 'running', status: 'good' },
          'm7g.large',
          { at: '2026-10-02T11:20:00Z' },
        ],
        [
          'i-0abc123def4567891',
          'web_2',
          { text: 'running', status: 'good' },
          'm7g.large',
          { at: '2026-10-02T11:21:00Z' },
        ],
        [
          'i-0fff00001111aaaa2',
          'batch-nightly-reporting',
          { text: 'stopped', status: 'neutral' },
          'c7g.4xlarge',
          { at: '2026-01-05T08:00:00Z' },
        ],
        [
          'i-0fff00001111aaaa3',
          'bastion',
          { text: 'impaired', status: 'bad' },
          't4g.micro',
          { at: '2025-12-24T17:30:00Z' },
        ],
      ],
      empty: 'No instances.',
      note: '4 instances. Only instances this role may see.',
    },
    {
      kind: 'table',
      title: 'CloudTrail events',
      source,
      correlationId,
      columns: ['When', 'Who', 'What'],
      rows: [],
      empty:
        'No event named StopInstances in eu-west-1 between 02:04 and 03:04 UTC. Events can arrive 15 minutes late.',
    },
  ],
  sections: [
    {
      kind: 'sections',
      title: 'Target health of web-alb',
      status: 'warning',
      source,
      correlationId,
      sections: [
        {
          heading: 'web-tg: 1 of 2 healthy',
          fields: [{ label: 'Protocol', value: 'HTTP, port 8080' }],
          columns: ['Target', 'State', 'Reason'],
          rows: [
            [
              'i-0abc123def4567890:8080',
              { text: 'unhealthy', status: 'bad' },
              'Target.ResponseCodeMismatch: health checks failed with these codes: [502]',
            ],
            ['i-0abc123def4567891:8080', { text: 'healthy', status: 'good' }, '–'],
          ],
        },
        { heading: 'api-tg: 3 of 3 healthy', fields: [{ label: 'Protocol', value: 'HTTPS, port 8443' }] },
      ],
    },
    {
      kind: 'sections',
      title: 'Operations, last 7 days',
      ...{ source, correlationId, note: 'Counted the newest 10,000 records.' },
      sections: [
        {
          heading: 'In short',
          fields: [{ label: 'Refused', value: { text: '2', status: 'warning' } }],
          series: [
            series([3, 9, 12, null, 4, 6, 7], 'Done each day', 'count'),
            series([0, 0, 1, null, 0, 1, 0], 'Refused each day', 'count'),
          ],
        },
        { heading: 'By tool', columns: ['Tool', 'Done'], rows: [['reboot_ec2', '11']] },
      ],
    },
  ],
  chart: [chart, { ...chart, title: 'No data', fields: [], series: [series([])], status: undefined, actions: [] }],
  approval: [scaleOut, ...Object.values(approvalStates)],
  refusal: [
    {
      kind: 'refusal',
      title: 'Not allowed',
      status: 'bad',
      source,
      correlationId,
      rule: 'only-managed-resources',
      because: 'i-0abc123def4567890 has no tag OpsAgentManaged=true, so OpsAgent does not change it.',
      whoMay: 'nobody through OpsAgent, as long as the tag is missing',
      next: 'Add the tag OpsAgentManaged=true to the instance, then ask again.',
      actions: [{ kind: 'say', label: 'Show its tags', text: 'ec2 status i-0abc123def4567890' }],
    },
  ],
  failure: [
    {
      kind: 'failure',
      title: 'CloudWatch did not answer',
      status: 'bad',
      source,
      correlationId,
      code: 'aws_throttled',
      message: 'CloudWatch refused the request because there were too many in this account.',
      hint: 'Wait a minute, then ask again. Nothing was changed.',
      fields: [
        { label: 'AWS code', value: 'ThrottlingException' },
        { label: 'Request id', value: '5f4c7a0e-0d1b-4b7e-8f7e-1e2d3c4b5a69' },
      ],
    },
  ],
  question: [
    {
      kind: 'question',
      title: 'Which instance?',
      status: 'waiting',
      correlationId,
      question: 'Two instances are called web. Which one do you mean?',
      actions: [
        { kind: 'say', label: 'i-0abc123def4567890 (web_1)', text: 'ec2 status i-0abc123def4567890' },
        { kind: 'say', label: 'i-0abc123def4567891 (web_2)', text: 'ec2 status i-0abc123def4567891' },
      ],
    },
  ],
  menu: [
    {
      kind: 'menu',
      title: 'I did not understand that',
      status: 'neutral',
      correlationId,
      body: 'Nothing was done. These commands come nearest:',
      examples: [
        { text: 'ec2 status i-0abc123def4567890', summary: 'State, checks and metrics of one instance' },
        {
          text: 'ecs scale cluster=shop service=checkout desired_count=4',
          summary: 'Change the number of tasks, after approval',
        },
      ],
      actions: [{ kind: 'say', label: 'Help', text: 'help' }],
    },
  ],
  help: [
    {
      kind: 'help',
      title: 'What I can do for you',
      correlationId,
      body: 'Ask in your own words or use a command. Reads run at once. Changes wait for approval.',
      commands: [
        {
          usage: 'ec2 status <instance_id> [metrics=cpu,memory] [time_window=15m]',
          summary: 'State, checks and metrics of one instance.',
          example: 'ec2 status i-0abc123def4567890 time_window=1h',
          effect: 'read',
        },
        {
          usage: 'ec2 reboot <instance_id> [reason=…]',
          summary: 'Restart the operating system of one instance.',
          example: 'ec2 reboot i-0abc123def4567890 reason="memory leak"',
          effect: 'write',
        },
        {
          usage: 'approve token:<token>',
          summary: 'Approve a proposal.',
          example: 'approve chg-5d1f0a9c2b47',
          effect: 'approval',
        },
      ],
    },
  ],
  progress: [
    {
      kind: 'progress',
      title: 'Rebooting i-0abc123def4567890',
      status: 'waiting',
      correlationId,
      steps: [
        { text: 'Sent to AWS', state: 'done' },
        { text: 'Waiting for both status checks', state: 'running' },
        { text: 'Check the targets of web-tg', state: 'waiting' },
      ],
    },
  ],
};
