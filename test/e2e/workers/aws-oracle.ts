import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Treatment, treatmentOf } from './treatments.ts';

/**
 * AWS in a process of its own: every instance that is asked for exists, and each reboot is written to a file and synced
 * before it is answered. Started with the path of that file; says `{port}` on stdout; ends when its stdin closes.
 *
 * The tags of an instance follow from its id: `i-0…` is staging, `i-f…` is production. How a reboot ends follows from its last two digits,
 * see `treatments.ts`; the environment's HOLD_MS is how long each reboot takes. CloudTrail has every reboot at once.
 */
const [journal = ''] = process.argv.slice(2);
const holdMs = Number(process.env.HOLD_MS ?? 15);
const file = openSync(journal, 'a');
let calls = 0;
const trail: { id: string; started: number; agent: string }[] = [];

function note(line: object): void {
  writeSync(file, `${JSON.stringify(line)}\n`);
  fsyncSync(file);
}

interface Answer {
  status: number;
  body: string;
}

type Form = URLSearchParams;

type Reply = Answer | 'cut off' | 'silence';

const answers: Readonly<Record<string, (form: Form, agent: string) => Promise<Reply>>> = {
  GetCallerIdentity: async () =>
    ok(
      'GetCallerIdentity',
      '<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/tester</Arn><UserId>AIDATEST</UserId><Account>123456789012</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>req-sts</RequestId></ResponseMetadata>',
    ),
  DescribeInstances: async (form) =>
    ok(
      'DescribeInstances',
      `<reservationSet><item><instancesSet>${instance(idIn(form))}</instancesSet></item></reservationSet>`,
    ),
  DescribeInstanceStatus: async (form) =>
    ok('DescribeInstanceStatus', `<instanceStatusSet>${status(idIn(form))}</instanceStatusSet>`),
  DescribeTargetGroups: async () =>
    ok(
      'DescribeTargetGroups',
      '<DescribeTargetGroupsResult><TargetGroups/></DescribeTargetGroupsResult><ResponseMetadata><RequestId>req-elb</RequestId></ResponseMetadata>',
    ),
  RebootInstances: reboot,
};

async function reboot(form: Form, agent: string): Promise<Reply> {
  const id = idIn(form);
  const treatment = treatmentOf(id);
  calls += 1;
  const call = calls;
  if (!treatment.made) {
    note({ call, id, turnedAway: now() });
    return replyTo(treatment);
  }
  const started = now();
  note({ call, id, started });
  trail.push({ id, started, agent });
  await delay(holdMs);
  note({ call, id, ended: now() });
  return replyTo(treatment);
}

const PAGE = '<!doctype html><html><body>Bad gateway</body></html>';

function replyTo(treatment: Treatment): Reply {
  switch (treatment.answer) {
    case 'error':
      return failure(treatment.status, treatment.code, treatment.message);
    case 'success':
      return ok('RebootInstances', '<return>true</return>');
    case 'half':
      return { status: 200, body: '<RebootInstancesResponse><ret' };
    case 'nothing':
      return { status: 200, body: '' };
    case 'page':
      return { status: 502, body: PAGE };
    default:
      return treatment.answer;
  }
}

const now = (): number => performance.timeOrigin + performance.now();

/** CloudTrail's LookupEvents by resource name, as JSON 1.1. */
function lookUp(body: string): string {
  const { LookupAttributes: [{ AttributeValue = '' } = {}] = [] } = JSON.parse(body);
  const made = trail.filter(({ id }) => id === AttributeValue);
  const Events = made.map(({ id, started, agent }, n) => ({
    EventId: `event-${id}-${n}`,
    EventName: 'RebootInstances',
    EventSource: 'ec2.amazonaws.com',
    EventTime: Math.floor(started / 1000),
    Resources: [{ ResourceType: 'AWS::EC2::Instance', ResourceName: id }],
    CloudTrailEvent: JSON.stringify({
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/tester' },
      userAgent: `[${agent}]`,
    }),
  }));
  return JSON.stringify({ Events });
}

function idIn(form: Form): string {
  return form.get('InstanceId.1') ?? 'i-0000000000000000f';
}

function instance(id: string): string {
  const tags = {
    Name: `box-${id.slice(-4)}`,
    Environment: id.startsWith('i-f') ? 'production' : 'staging',
    OpsAgentManaged: 'true',
  };
  const items = Object.entries(tags).map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`);
  return `<item><instanceId>${id}</instanceId><instanceState><code>16</code><name>running</name></instanceState><instanceType>t3.small</instanceType><launchTime>2026-01-01T00:00:00.000Z</launchTime><tagSet>${items.join('')}</tagSet></item>`;
}

function status(id: string): string {
  const good = '<status>ok</status>';
  return `<item><instanceId>${id}</instanceId><instanceState><code>16</code><name>running</name></instanceState><systemStatus>${good}</systemStatus><instanceStatus>${good}</instanceStatus></item>`;
}

function ok(action: string, inner: string): Answer {
  return { status: 200, body: `<${action}Response><requestId>req-${calls}</requestId>${inner}</${action}Response>` };
}

function failure(code: number, name: string, message: string): Answer {
  const error = `<Error><Code>${name}</Code><Message>${message}</Message></Error>`;
  return { status: code, body: `<Response><Errors>${error}</Errors><RequestID>req-refused</RequestID></Response>` };
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  if (String(request.headers['x-amz-target']).endsWith('.LookupEvents'))
    return void response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'req-trail' })
      .end(lookUp(body));
  const form = new URLSearchParams(body);
  const agent = request.headers['user-agent'] ?? '';
  const answer =
    (await answers[form.get('Action') ?? '']?.(form, agent)) ?? failure(400, 'InvalidAction', 'No such action.');
  if (answer === 'cut off') return void request.socket.resetAndDestroy();
  if (answer === 'silence') return;
  response
    .writeHead(answer.status, { 'content-type': 'text/xml', 'x-amzn-requestid': `req-${calls}` })
    .end(answer.body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.stdin.resume().on('end', () => {
  closeSync(file);
  process.exit(0);
});
