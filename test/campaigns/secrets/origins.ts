import { loadConfig } from '../../../lib/config.ts';
import { OpsError } from '../../../lib/errors.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { mapAwsError } from '../../../tools/aws/errors.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import type { Random } from '../../adapters/slack/seeded.ts';
import { caller, decide } from '../../approvals/house.ts';
import { sdkError } from '../../approvals/recording-aws.ts';
import type { Canary } from '../captured/canaries.ts';
import type { CapturedHouse } from '../captured/captured-house.ts';

/** Where a secret comes in. */
export interface Stage {
  house: CapturedHouse;
  random: Random;
  errors: string[];
}
/** Resolves with the answer of a turn where one was said: programs get it as REST and MCP tell it. */
export type Origin = (stage: Stage, canary: Canary) => Promise<unknown>;

const quoted = (text: string): string => `"${text.replaceAll('"', "'").replaceAll('\n', ' ')}"`;
const reboot = (reason: string) => ({ tool: 'reboot_ec2', input: { instance_id: known.sickInstance, reason } });
const run = ({ house }: Stage, tool: string, input: JsonObject) => house.gate.submit({ tool, input }, caller('alice'));

/** The texts with these names in an answer of AWS become this one; the answer itself stays as it is. */
function withText(value: unknown, names: readonly string[], text: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withText(item, names, text));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).map(([name, item]) => {
    const isText = typeof item === 'string' && names.includes(name);
    return [name, isText ? text : withText(item, names, text)];
  });
  return Object.fromEntries(entries);
}

/** The guard tags stay: without them nobody may change it. */
const inTags = (value: unknown, text: string): unknown => {
  if (Array.isArray(value)) return value.map((item) => inTags(item, text));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if ('Key' in value && (value.Key === 'Name' || value.Key === 'Owner')) return { ...value, Value: text };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inTags(item, text)]));
};

/** What a read is told is planted with words of any length before it, so that whoever cuts cuts anywhere. */
const inAnswer =
  (operation: string, plant: (answer: unknown, text: string) => unknown, says: string): Origin =>
  async ({ house, random }, { text, word }) => {
    const before = 'x'.repeat(random.below(4) === 0 ? 0 : random.below(320));
    house.seen = (source, answer) => (source === operation ? plant(answer, `${word} ${before} ${text}`) : answer);
    const answered = await house.say(says);
    await house.say('could you have a look around for me and say what you see');
    house.seen = (_source, answer) => answer;
    return answered;
  };

const refusal = (text: string, operation: string, access: 'read' | 'write') =>
  mapAwsError(Object.assign(sdkError('AccessDeniedException', 403), { message: text }), {
    ...{ service: 'ec2' as const, operation, access, region: 'eu-west-1' },
  });

const refusedRead: Origin = async ({ house }, { text }) => {
  house.seen = (source) => {
    throw refusal(text, source, 'read');
  };
  await house.say('ec2 list');
  house.seen = (_source, answer) => answer;
};

const refusedWrite: Origin = async (stage, { text }) => {
  const { house } = stage;
  const input = { cluster: 'main', service: 'cart', desired_count: 3 + stage.random.below(5) };
  const asked = await run(stage, 'scale_ecs_service', input);
  house.aws.onWrite = () => {
    throw Object.assign(sdkError('ClientException', 400), { message: text });
  };
  if (asked.approvalId) await decide(house, 'dave', asked.approvalId);
  house.aws.onWrite = () => {};
};

const brokenRecord: Origin = async (stage, { text }) => {
  const { parts } = stage.house;
  const { audit } = parts;
  const cause = new Error(text, { cause: Object.assign(new Error(text), { body: Buffer.from(text) }) });
  const fail = () =>
    Promise.reject(new OpsError('store_unavailable', text, { hint: text, cause, facts: { said: text } }));
  parts.audit = { commit: fail, record: fail };
  await run(stage, 'create_incident_record', { summary: 'checkout answers 503', severity: 'low' });
  parts.audit = audit;
};

/** What a fact of the log can be, with the secret in it by its form or under a name that says so. */
const FACTS: Readonly<Record<string, (canary: Canary) => object>> = {
  text: ({ text }) => ({ said: text }),
  'an error': ({ text }) => ({ error: new Error(text) }),
  'an error of the house': ({ text }) => ({
    error: new OpsError('internal', text, { hint: text, cause: new Error(text) }),
  }),
  'nested causes': ({ text }) => ({ err: { message: text, cause: { message: text, cause: [text] } } }),
  'a Buffer': ({ text, word }) => ({ word, body: Buffer.from(text) }),
  'a Buffer deep down': ({ text, word }) => ({ word, request: { parts: [{ body: Buffer.from(text) }] } }),
  bytes: ({ text, word }) => ({ word, view: new TextEncoder().encode(text) }),
  'a Buffer as JSON': ({ text, word }) => ({ word, row: JSON.parse(JSON.stringify(Buffer.from(text))) }),
  headers: ({ secret, word }) => ({ word, headers: { Authorization: secret, 'x-api-key': secret, Cookie: secret } }),
  'a name': ({ secret, word }) => ({ word, password: secret, client_secret: secret, accessToken: [secret] }),
  'a key': ({ text }) => ({ counts: { [text]: 1 } }),
  'an address': ({ secret, word }) => ({ word, webhook_url: `https://chat.example.com/x/${secret}` }),
  JSON: ({ text, secret }) => ({ body: JSON.stringify({ text, token: secret }) }),
};

const logged =
  (make: (canary: Canary) => object): Origin =>
  async ({ house }, canary) =>
    house.parts.log.error(make(canary), 'something failed');

const CONFIGURED = [
  ...[
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'ANTHROPIC_API_KEY',
    'MICROSOFT_APP_PASSWORD',
    'REDIS_URL',
    'PORT',
    'STORE',
  ],
  ...['EXECUTION_MODE', 'AWS_REGION', 'PUBLIC_URL', 'SLACK_API_URL', 'ANTHROPIC_BASE_URL', 'AWS_ENDPOINT_URL'],
  ...['PEOPLE_FILE', 'POLICY_FILE', 'LLM_PRICE', 'AWS_WRITE_ROLE_ARN', 'MICROSOFT_APP_ID', 'LOG_LEVEL'],
] as const;

/** A secret in a key of the configuration, the wrong one perhaps. */
const configured: Origin = async ({ random, errors }, { text }) => {
  const key = random.pick([...CONFIGURED]);
  // Without the word before it, as somebody copies it.
  const value = text.slice(text.indexOf(' ') + 1);
  try {
    loadConfig({ [key]: value, SLACK_CLIENT_SECRET: value });
  } catch (thrown) {
    if (thrown instanceof OpsError) errors.push(JSON.stringify([thrown.message, thrown.hint, thrown.facts]));
    errors.push(String(thrown));
  }
};

export const ORIGINS: Readonly<Record<string, Origin>> = {
  'reason of a change': (stage, { text }) => run(stage, 'reboot_ec2', reboot(text).input),
  'command in chat': ({ house }, { text }) => house.say(`incident create summary=${quoted(text)} severity=low`),
  sentence: ({ house }, { text }) => house.say(`tell me what you think of ${text}`),
  'help on': ({ house }, { text }) => house.say(`help ${text}`),
  'summary of an incident': (stage, { text }) =>
    run(stage, 'create_incident_record', { summary: text, severity: 'low' }),
  'text to be posted': (stage, { text }) => run(stage, 'post_summary_to_channel', { text }),
  'address to post to': (stage, { word, secret }) =>
    run(stage, 'post_summary_to_channel', { text: word, webhook_url: `https://chat.example.com/x/${secret}` }),
  'name of a tool': (stage, { text }) => run(stage, text, {}),
  'field of a tool': (stage, { text }) => run(stage, 'get_ec2_status', { instance_id: text, region: text }),
  Region: (stage, { text }) => run(stage, 'list_ec2_instances', { region: text }),
  'reason of a rejection': async (stage, { text }) => {
    const asked = await run(stage, 'reboot_ec2', reboot('it hangs').input);
    const { approvalId } = asked;
    if (approvalId) await decide(stage.house, 'dave', approvalId, { verdict: 'reject', reason: text });
    stage.house.setNow(stage.house.clock.now() + 61_000);
  },
  'reason of a pause': async ({ house }, { text }) => {
    await house.gate.pause(text, caller('bob'));
    await run({ house } as Stage, 'reboot_ec2', reboot('it hangs').input);
    await house.gate.pause(undefined, caller('bob'));
  },
  'tag of an instance': inAnswer('describeInstances', inTags, 'ec2 list'),
  'reason of an alarm': inAnswer(
    'describeAlarms',
    (answer, text) => withText(answer, ['StateReason', 'AlarmDescription'], text),
    'alarms',
  ),
  'event of a service': inAnswer(
    'describeServices',
    (answer, text) => withText(answer, ['message'], text),
    'ecs status main checkout',
  ),
  'event of CloudTrail': inAnswer(
    'lookupEvents',
    (answer, text) => withText(answer, ['Username', 'ResourceName'], text),
    'cloudtrail search',
  ),
  'refusal of a read': refusedRead,
  'refusal of a write': refusedWrite,
  'record that cannot be written': brokenRecord,
  configuration: configured,
  ...Object.fromEntries(Object.entries(FACTS).map(([name, make]) => [`log: ${name}`, logged(make)])),
};
