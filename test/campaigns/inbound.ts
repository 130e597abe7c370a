import { fuzzInbound } from '../adapters/slack/fuzz.ts';
import { JSON_TYPE, type SignedRequest } from '../adapters/slack/signed-requests.ts';
import { fuzzApiKeys } from '../fuzz/api-keys.ts';
import { fuzzApprovalTokens } from '../fuzz/approval-tokens.ts';
import { fuzzBearer } from '../fuzz/bearer-tokens.ts';
import { fuzzOauth } from '../fuzz/oauth-states.ts';
import type { DoorReport } from '../fuzz/report.ts';
import { fuzzActivities } from '../fuzz/teams-activities.ts';
import { fuzzTokens } from '../fuzz/teams-tokens.ts';
import { fuzzWeb } from '../fuzz/web-requests.ts';

export type InboundSabotage =
  | 'the body is written anew before it is checked'
  | 'tokens are read and not verified'
  | 'hashes of keys are compared in four of their bits';

export interface InboundFigures {
  seed: number;
  seconds: number;
  doors: Map<string, DoorReport>;
}

interface Options {
  seed: number;
  /** Slack deliveries; every other door gets its share of them. */
  deliveries: number;
  sabotage?: InboundSabotage;
}

/** Forged and changed requests for every door that somebody outside can knock at; in between some as they should be. */
export async function playInbound({ seed, deliveries, sabotage }: Options): Promise<InboundFigures> {
  const started = performance.now();
  const share = (part: number) => Math.ceil(deliveries * part);
  const doors = new Map<string, DoorReport>();
  if (sabotage === undefined || sabotage === 'the body is written anew before it is checked') {
    const slack = await fuzzInbound(seed, deliveries, sabotage && writtenAnew);
    doors.set('Slack deliveries', { ...slack, good: slack.untouched });
  }
  if (sabotage === undefined) {
    doors.set('Slack OAuth returns', await fuzzOauth(seed, share(0.02)));
    doors.set('Teams tokens', await fuzzTokens(seed, share(0.2)));
    doors.set('Teams activities', await fuzzActivities(seed, share(0.2)));
    doors.set('requests to the console', await fuzzWeb(seed, share(0.6)));
    doors.set('approval tokens', await fuzzApprovalTokens(seed, share(0.25)));
  }
  const spoilsTokens = sabotage === 'tokens are read and not verified';
  if (sabotage === undefined || spoilsTokens)
    doors.set('bearer tokens', await fuzzBearer(seed, share(0.2), spoilsTokens));
  const spoilsKeys = sabotage === 'hashes of keys are compared in four of their bits';
  if (sabotage === undefined || spoilsKeys) doors.set('API keys', await fuzzApiKeys(seed, share(0.2), spoilsKeys));
  return { seed, doors, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

/** What a framework does that parses first and hands on what it understood: the signature is that of another text. */
function writtenAnew({ headers, body }: SignedRequest): SignedRequest {
  const text = body.toString('utf8');
  try {
    const isJson = headers['content-type'] === JSON_TYPE;
    const anew = isJson ? JSON.stringify(JSON.parse(text)) : new URLSearchParams(text).toString();
    return { headers, body: Buffer.from(anew) };
  } catch {
    // Nothing that such a framework reads.
    return { headers, body };
  }
}

const sum = ({ doors }: InboundFigures, of: (report: DoorReport) => number): number =>
  [...doors.values()].reduce((total, report) => total + of(report), 0);

export const countForged = (figures: InboundFigures): number => sum(figures, ({ sent, good }) => sent - good);
export const wrongOf = ({ doors }: InboundFigures): string[] =>
  [...doors].flatMap(([door, { wrong }]) => wrong.map((line) => `${door}: ${line}`));

const shown = (number: number): string => number.toLocaleString('en-US');

/** The long form: `npm run campaign inbound -- [Slack deliveries] [seed]`, and `npm run fuzz:inbound` with the same numbers. */
export async function campaignInbound([deliveries = 110_000, seed = 2026]: readonly number[]) {
  const figures = await playInbound({ seed, deliveries });
  const wrong = wrongOf(figures);
  const forgedIn = sum(figures, ({ accepted, good }) => Math.max(0, accepted - good));
  const lines = [
    `forged or changed and accepted: ${forgedIn} of ${shown(countForged(figures))}`,
    `as they should be and accepted: ${shown(sum(figures, ({ accepted }) => accepted))} of ${shown(sum(figures, ({ good }) => good))}`,
    ...[...figures.doors].map(([door, { sent, good }]) => `  ${door}: ${shown(sent)}, ${shown(good)} of them good`),
    `seed ${seed}, ${figures.seconds} s`,
    ...wrong.slice(0, 30).map((line) => `  ${line}`),
  ];
  return { lines, held: wrong.length === 0 };
}
