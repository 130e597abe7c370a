import { calls, DB, OLD, type Sentence, WEB } from './sentence.ts';

const reboots = calls('changes: reboot', 'reboot_ec2', [
  [`reboot ${WEB}`, { instance_id: WEB }],
  [`Reboot ${WEB}.`, { instance_id: WEB }],
  [`please reboot ${WEB}`, { instance_id: WEB }],
  [`restart ${DB}`, { instance_id: DB }],
  [`bounce ${WEB} pls`, { instance_id: WEB }],
  [`can you reboot ${WEB}`, { instance_id: WEB }],
  [`can you reboot ${WEB}?`, { instance_id: WEB }],
  [`could you please restart ${WEB}?`, { instance_id: WEB }],
  [`would you reboot the instance ${WEB} please?`, { instance_id: WEB }],
  [`hey, reboot ${WEB} now`, { instance_id: WEB }],
  [`reboot instance ${WEB} right away`, { instance_id: WEB }],
  [`restart the server ${OLD}`, { instance_id: OLD }],
  [`restart the ec2 instance ${WEB} asap`, { instance_id: WEB }],
  [`power cycle ${DB}`, { instance_id: DB }],
  [`give ${WEB} a reboot`, { instance_id: WEB }],
  [`rebooot ${WEB}`, { instance_id: WEB }],
  [`resatrt ${WEB}`, { instance_id: WEB }],
  [`reboot ${WEB} because it hangs`, { instance_id: WEB, reason: 'it hangs' }],
  [`please reboot ${WEB} because the disk is full`, { instance_id: WEB, reason: 'the disk is full' }],
  [`restart ${DB} reason: out of memory`, { instance_id: DB, reason: 'out of memory' }],
  [`reboot ${WEB} due to a memory leak`, { instance_id: WEB, reason: 'a memory leak' }],
  [`@opsagent please reboot ${WEB}, thanks`, { instance_id: WEB }],
  [`I want you to reboot ${WEB}`, { instance_id: WEB }],
  [`need you to restart ${WEB}`, { instance_id: WEB }],
  [`go ahead and reboot ${WEB}`, { instance_id: WEB }],
  [`reboot \`${WEB}\``, { instance_id: WEB }],
  [`REBOOT ${WEB}`, { instance_id: WEB }],
]);

const scaling = calls('changes: scale', 'scale_ecs_service', [
  ['scale main/checkout to 4', { cluster: 'main', service: 'checkout', desired_count: 4 }],
  ['please scale main/checkout to 6 tasks', { cluster: 'main', service: 'checkout', desired_count: 6 }],
  ['scale checkout in main to 5', { cluster: 'main', service: 'checkout', desired_count: 5 }],
  ['scale checkout on main to 5', { cluster: 'main', service: 'checkout', desired_count: 5 }],
  ['scale service checkout in cluster main to 3', { cluster: 'main', service: 'checkout', desired_count: 3 }],
  ['scale the checkout service in the main cluster to 3', { cluster: 'main', service: 'checkout', desired_count: 3 }],
  ['set checkout in main to 8 tasks', { cluster: 'main', service: 'checkout', desired_count: 8 }],
  ['scale up checkout in main to 12', { cluster: 'main', service: 'checkout', desired_count: 12 }],
  ['scale down main/checkout to two', { cluster: 'main', service: 'checkout', desired_count: 2 }],
  ['scale main/checkout to twenty-one', { cluster: 'main', service: 'checkout', desired_count: 21 }],
  ['scale main/checkout to twenty one tasks', { cluster: 'main', service: 'checkout', desired_count: 21 }],
  ['scale main/checkout down to zero', { cluster: 'main', service: 'checkout', desired_count: 0 }],
  ['scale main/checkout from 2 to 4', { cluster: 'main', service: 'checkout', desired_count: 4 }],
  ['increase checkout in main to 10', { cluster: 'main', service: 'checkout', desired_count: 10 }],
  ['bump main/checkout to 7', { cluster: 'main', service: 'checkout', desired_count: 7 }],
  ['reduce main/checkout to 1', { cluster: 'main', service: 'checkout', desired_count: 1 }],
  ['run 4 tasks of checkout in main', { cluster: 'main', service: 'checkout', desired_count: 4 }],
  ['change desired count of checkout in main to 9', { cluster: 'main', service: 'checkout', desired_count: 9 }],
  ['can you scale main/checkout to 4?', { cluster: 'main', service: 'checkout', desired_count: 4 }],
  ['sclae main/checkout to 4', { cluster: 'main', service: 'checkout', desired_count: 4 }],
  [
    'scale main/checkout to 6 because of the launch',
    { cluster: 'main', service: 'checkout', desired_count: 6, reason: 'of the launch' },
  ],
  ['resize main/web-api to 15 replicas', { cluster: 'main', service: 'web-api', desired_count: 15 }],
]);

const incidents = calls('changes: incident', 'create_incident_record', [
  ['open a high incident: checkout answers 503', { summary: 'checkout answers 503', severity: 'high' }],
  ['open a sev1 incident: all logins fail', { summary: 'all logins fail', severity: 'critical' }],
  ['create an incident "all logins fail" severity sev1', { summary: 'all logins fail', severity: 'critical' }],
  ['create a p2 incident "db is slow"', { summary: 'db is slow', severity: 'high' }],
  ['create an incident "web is down" severity critical', { summary: 'web is down', severity: 'critical' }],
  ['new incident "disk of web-2 is full" medium', { summary: 'disk of web-2 is full', severity: 'medium' }],
  ['declare a critical incident: payments are failing', { summary: 'payments are failing', severity: 'critical' }],
  ['please file a low incident: dashboard is stale', { summary: 'dashboard is stale', severity: 'low' }],
  ['raise a medium incident for slow search in the shop', { summary: 'slow search in the shop', severity: 'medium' }],
  [
    'open a high incident "checkout 503" https://grafana.example.com/d/1',
    { summary: 'checkout 503', severity: 'high', links: 'https://grafana.example.com/d/1' },
  ],
  [
    `open a sev 2 incident: ${WEB} was rebooted and never came back`,
    { summary: `${WEB} was rebooted and never came back`, severity: 'high' },
  ],
  ['log a low severity incident saying backup took long', { summary: 'backup took long', severity: 'low' }],
]);

const posts = calls('changes: post', 'post_summary_to_channel', [
  ['post "web-2 is back" to #ops', { text: 'web-2 is back', channel: '#ops' }],
  ['post to #ops: web-2 is back, watching it', { text: 'web-2 is back, watching it', channel: '#ops' }],
  ['tell #ops that checkout is healthy again', { text: 'checkout is healthy again', channel: '#ops' }],
  ['let #ops know that the deploy is done', { text: 'the deploy is done', channel: '#ops' }],
  ['announce "maintenance is over" in #incidents', { text: 'maintenance is over', channel: '#incidents' }],
  ['send "all clear" to #ops please', { text: 'all clear', channel: '#ops' }],
  ['post "all clear"', { text: 'all clear' }],
  [`post to #ops: please do not reboot ${DB} tonight`, { text: `please do not reboot ${DB} tonight`, channel: '#ops' }],
  ['can you post "we are on it" in #incidents?', { text: 'we are on it', channel: '#incidents' }],
]);

export const changes: readonly Sentence[] = [...reboots, ...scaling, ...incidents, ...posts];
