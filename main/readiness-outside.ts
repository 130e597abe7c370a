import { workspaceOfToken } from '../adapters/slack/token-check.ts';
import { checkTeamsToken } from '../adapters/teams/token-check.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { signInOf } from '../lib/facade-config.ts';
import { newCorrelationId } from '../lib/ids.ts';
import { createLiveAws } from '../tools/aws/live.ts';
import { slackTokens, teamsCredentials } from './chat-channels.ts';
import { type Check, type CheckParts, fail, ok, type Seen, warn } from './finding.ts';
import { signInCheck } from './readiness-sign-in.ts';

/** What is asked of others, as far as it is set up. No token of the model is spent, and nothing is posted. */
export function remoteChecks(parts: CheckParts): Check[] {
  const { config } = parts;
  const model = modelHost(config);
  const teams = teamsCredentials(config);
  const provider = signInOf(config);
  return [
    ...(config.EXECUTION_MODE === 'LOCAL_MOCK' ? [] : [{ name: 'aws', look: () => aws(config) }]),
    ...(config.REDIS_URL === undefined ? [] : [{ name: 'redis', look: () => redis(config.REDIS_URL ?? '') }]),
    ...(provider ? [{ name: 'sign-in', look: () => signInCheck(provider, parts.clock) }] : []),
    ...(slackTokens(config) ? [{ name: 'slack', look: () => slack(parts) }] : []),
    ...(teams && teams !== 'unauthenticated-loopback'
      ? [
          {
            name: 'teams',
            look: () => checkTeamsToken(teams, parts.clock, parts.log).then(() => ok('Entra gives a token')),
          },
        ]
      : []),
    ...(model ? [{ name: 'model', look: () => reach(model).then(() => ok(`${new URL(model).host} answers`)) }] : []),
    { name: 'clock', look: () => clock(parts) },
  ];
}

async function aws({ EXECUTION_MODE: mode, AWS_REGION: defaultRegion, AWS_ENDPOINT_URL: endpointUrl }: Config) {
  if (mode === 'LOCAL_MOCK') return ok('a simulated estate');
  const provider = createLiveAws({ mode, defaultRegion, endpointUrl });
  const { account, region } = await provider.open({
    correlationId: newCorrelationId(),
    signal: new AbortController().signal,
  });
  return ok(`account ${account.id}, ${region}`);
}

async function slack({ config, clock: time, log }: CheckParts): Promise<Seen> {
  const tokens = slackTokens(config);
  if (tokens?.kind !== 'bot-token') return ok('workspaces install it themselves, at /slack/install');
  return ok(
    `the token belongs to ${await workspaceOfToken(tokens, { apiUrl: config.SLACK_API_URL, clock: time, log })}`,
  );
}

/** No failure: without Redis everything works, and processes hear of each other more slowly. */
async function redis(url: string): Promise<Seen> {
  const { host } = new URL(url);
  const { askRedis } = await import('../store/redis-connection.ts');
  const trouble = await askRedis(url);
  if (trouble === undefined) return ok(`${host} answers`);
  return warn(`${host}: ${trouble}`, 'Check REDIS_URL, its password and the network on the way there.');
}

function modelHost({ LLM_PROVIDER, ANTHROPIC_BASE_URL, BEDROCK_BASE_URL, AWS_REGION }: Config): string | undefined {
  if (LLM_PROVIDER === 'none') return undefined;
  if (LLM_PROVIDER === 'anthropic') return ANTHROPIC_BASE_URL;
  return BEDROCK_BASE_URL ?? `https://bedrock-runtime.${AWS_REGION}.amazonaws.com`;
}

/** Slack and AWS refuse what is signed five minutes off; the answers people see would show wrong times long before. */
const WARN_SKEW_MS = 5_000;
const MOST_SKEW_MS = 120_000;
const SET_CLOCK = 'Set the clock of this machine by NTP: Slack and AWS refuse requests that are five minutes off.';

async function clock({ config, clock: time }: CheckParts): Promise<Seen> {
  const url = timeSource(config);
  if (url === undefined) return ok('nobody outside is set up to compare with');
  const sent = time.now();
  const answer = await reach(url).catch(() => undefined);
  const date = Date.parse(answer?.headers.get('date') ?? '');
  if (Number.isNaN(date))
    return warn(`${new URL(url).host} does not say what time it is`, 'Compare the clock by hand.');
  // The header is cut to the second, and the answer was made between sending and now.
  const skew = Math.max(0, Math.max(sent - (date + 1_000), date - time.now()));
  const says = `${skew < 1_000 ? 'less than a second' : `${Math.round(skew / 1_000)} s`} off ${new URL(url).host}`;
  if (skew > MOST_SKEW_MS) return fail(says, SET_CLOCK);
  return skew > WARN_SKEW_MS ? warn(says, SET_CLOCK) : ok(says);
}

/** Somebody who is asked anyway. */
function timeSource(config: Config): string | undefined {
  if (config.EXECUTION_MODE !== 'LOCAL_MOCK')
    return config.AWS_ENDPOINT_URL ?? `https://sts.${config.AWS_REGION}.amazonaws.com`;
  return slackTokens(config) ? config.SLACK_API_URL : modelHost(config);
}

/** Any answer will do, whatever its status. */
async function reach(url: string): Promise<Response> {
  try {
    return await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5_000) });
  } catch (cause) {
    throw new OpsError('config_invalid', `${new URL(url).host} does not answer.`, {
      hint: 'Check the name, the network and the proxy on the way there.',
      cause,
    });
  }
}
