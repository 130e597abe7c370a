import { ALB, calls, DB, ends, GROUP, type Sentence, TOKEN, WEB } from './sentence.ts';

const reading = [
  ...calls('commands', 'get_ec2_status', [
    [`ec2 status ${WEB}`, { instance_id: WEB }],
    [`/ops ec2 status ${WEB} cpu,memory 1h`, { instance_id: WEB, metrics: 'cpu,memory', time_window: '1h' }],
    [
      `ops ec2 status instance_id=${WEB} window="last 30 minutes"`,
      { instance_id: WEB, time_window: 'last 30 minutes' },
    ],
    [`status ${DB} region=us-east-1`, { instance_id: DB, region: 'us-east-1' }],
    [`get_ec2_status instance_id=${DB}`, { instance_id: DB }],
    [`ec2 status ${WEB} --time-window 24h --metrics cpu`, { instance_id: WEB, metrics: 'cpu', time_window: '24h' }],
    [`ec2 status time-window=7d id=${WEB}`, { instance_id: WEB, time_window: '7d' }],
  ]),
  ...calls('commands', 'get_cloudwatch_metrics', [
    [
      `metrics AWS/EC2 CPUUtilization ${WEB} 1h`,
      { namespace: 'AWS/EC2', metric_name: 'CPUUtilization', resource_id: WEB, time_window: '1h' },
    ],
    [
      'metrics AWS/ECS MemoryUtilization main/checkout 24h Maximum',
      {
        namespace: 'AWS/ECS',
        metric_name: 'MemoryUtilization',
        resource_id: 'main/checkout',
        time_window: '24h',
        statistic: 'Maximum',
      },
    ],
    [
      `metrics namespace=CWAgent metric=mem_used_percent resource=${WEB} stat=p95`,
      { namespace: 'CWAgent', metric_name: 'mem_used_percent', resource_id: WEB, statistic: 'p95' },
    ],
  ]),
  ...calls('commands', 'describe_alb_target_health', [
    [`alb health ${ALB}`, { alb_arn: ALB }],
    [`targets ${GROUP}`, { target_group_arn: GROUP }],
    [`alb health target_group=${GROUP}`, { target_group_arn: GROUP }],
  ]),
  ...calls('commands', 'search_cloudtrail_events', [
    ['cloudtrail RebootInstances', { event_name: 'RebootInstances' }],
    [`cloudtrail resource_name=${WEB} time_window=24h`, { resource_name: WEB, time_window: '24h' }],
    ['trail event=RunInstances window=7d max=10', { event_name: 'RunInstances', time_window: '7d', max_results: 10 }],
    [`who changed ${WEB}`, { resource_name: WEB }],
    ['cloudtrail 48h web-2', { resource_name: 'web-2', time_window: '48h' }],
    ['cloudtrail web-2 48h', { resource_name: 'web-2', time_window: '48h' }],
    ['cloudtrail RebootInstances web-2', { event_name: 'RebootInstances', resource_name: 'web-2' }],
    ['who changed something yesterday?', { time_window: 'yesterday' }],
    ['who changed something on web-2 yesterday', { resource_name: 'web-2', time_window: 'yesterday' }],
  ]),
  ...calls('commands', 'list_ec2_instances', [
    ['ec2 list', {}],
    ['ec2 list state=stopped', { state: 'stopped' }],
    ['ec2 list web', { name: 'web' }],
    ['instances', {}],
  ]),
  ...calls('commands', 'list_ecs_services', [
    ['ecs list', {}],
    ['ecs list main', { cluster: 'main' }],
  ]),
  ...calls('commands', 'get_ecs_service_status', [
    ['ecs status main checkout', { cluster: 'main', service: 'checkout' }],
    ['ecs status main search', { cluster: 'main', service: 'search' }],
    ['ecs status main/checkout', { cluster: 'main', service: 'checkout' }],
    ['ecs status service=checkout cluster=main', { cluster: 'main', service: 'checkout' }],
  ]),
  ...calls('commands', 'list_alarms', [
    ['alarms', {}],
    ['alarms alarm', { state: 'alarm' }],
    ['alarms name=web', { name: 'web' }],
  ]),
  ...calls('commands', 'list_load_balancers', [['alb list storefront', { name: 'storefront' }]]),
  ...calls('commands', 'get_incident', [['incident show INC-2026-000001', { incident_id: 'INC-2026-000001' }]]),
  ...calls('commands', 'list_incidents', [['incident list critical', { severity: 'critical' }]]),
  ...calls('commands', 'get_report', [
    ['report access', { report: 'access' }],
    ['report operations 24h', { report: 'operations', time_window: '24h' }],
    ['reports keys', { report: 'keys' }],
    ['report tags region=us-east-1', { report: 'tags', region: 'us-east-1' }],
  ]),
];

const changing = [
  ...calls('commands', 'reboot_ec2', [
    [`ec2 reboot ${WEB}`, { instance_id: WEB }],
    [`/ops reboot ${WEB} reason="out of memory"`, { instance_id: WEB, reason: 'out of memory' }],
    [`reboot ${WEB} reason=“kernel panic”`, { instance_id: WEB, reason: 'kernel panic' }],
    [
      `reboot ${WEB} reason="don't wait, reboot it if you can"`,
      { instance_id: WEB, reason: "don't wait, reboot it if you can" },
    ],
    [`reboot instance_id="${WEB}"`, { instance_id: WEB }],
  ]),
  ...calls('commands', 'scale_ecs_service', [
    ['ecs scale main checkout 6', { cluster: 'main', service: 'checkout', desired_count: 6 }],
    ['ecs scale main search 4', { cluster: 'main', service: 'search', desired_count: 4 }],
    ['ecs scale nope checkout 4', { cluster: 'nope', service: 'checkout', desired_count: 4 }],
    ['scale main/checkout 6', { cluster: 'main', service: 'checkout', desired_count: 6 }],
    [
      'scale main/checkout count=6 reason="launch"',
      { cluster: 'main', service: 'checkout', desired_count: 6, reason: 'launch' },
    ],
    ['scale cluster=main service=checkout desired-count=0', { cluster: 'main', service: 'checkout', desired_count: 0 }],
  ]),
  ...calls('commands', 'create_incident_record', [
    ['incident create "checkout answers 503" high', { summary: 'checkout answers 503', severity: 'high' }],
    ['incident create summary="all logins fail" severity=sev1', { summary: 'all logins fail', severity: 'critical' }],
    ['incident create "all logins fail" P2', { summary: 'all logins fail', severity: 'high' }],
    ['incident open summary="reboot failed" sev=critical', { summary: 'reboot failed', severity: 'critical' }],
  ]),
  ...calls('commands', 'post_summary_to_channel', [
    ['post "web-2 is back, watching it" #ops', { text: 'web-2 is back, watching it', channel: '#ops' }],
    ['post text="scale main/checkout to 4" channel=#ops', { text: 'scale main/checkout to 4', channel: '#ops' }],
  ]),
];

const talk = [
  ...ends('decisions', { decide: 'approve' }, [
    `approve token:${TOKEN}`,
    `/ops approve token:${TOKEN}`,
    'Approve chg-0123456789ab',
    'approve chg-0123456789ab because the disk is full',
    `approve token:${TOKEN} reason="checked with Ana"`,
  ]),
  ...ends('decisions', { decide: 'reject' }, [
    `reject token:${TOKEN} because it is Friday`,
    'reject chg-0123456789ab reason="wrong instance"',
    'reject chg-0123456789ab',
  ]),
  ...ends('decisions', { decide: 'cancel' }, [
    'cancel chg-0123456789ab',
    'cancel chg-0123456789ab because it was a typo',
  ]),
  ...ends('about OpsAgent', { approvals: true }, [
    'approvals',
    'pending',
    '/ops pending approvals',
    'what is waiting for me?',
  ]),
  ...ends('about OpsAgent', { usage: true }, ['usage', '/ops usage', 'what did the model cost?', 'cost of the model']),
  ...ends('about OpsAgent', { help: null }, ['help', '/ops help', '?', 'what can you do?']),
  ...ends('about OpsAgent', { help: 'reboot' }, ['help reboot', 'reboot help', 'help with reboot']),
  ...ends('about OpsAgent', { menu: 'greeting' }, ['hi', 'Hello!', 'good morning', 'hey there', 'thanks!']),
  ...ends('about OpsAgent', { menu: 'empty' }, ['', '   ']),
];

export const commands: readonly Sentence[] = [...reading, ...changing, ...talk];
