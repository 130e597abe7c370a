import { Agent, request } from 'node:http';
import type { Turn } from '../../../bot/turn.ts';
import { mutations } from './mutations.ts';
import { aCommand, aMention, anEvent, aPress } from './payloads.ts';
import { seeded } from './seeded.ts';
import { type SignedRequest, signedEvent, signedForm, signedInteraction } from './signed-requests.ts';
import { startSlackApi } from './slack-api.ts';
import { openHouse } from './slack-house.ts';

/** A delivery that was changed after Slack signed it, or not at all. */
export interface Mutated {
  request: SignedRequest;
  /** It means what Slack signed: it has to be taken. Anything else has to be refused. */
  untouched: boolean;
  /** What was done to it. */
  how: string;
  /** What its turn says, to know it by. */
  marker: string;
}

/** The same for the same seed: `count` deliveries, about one in eight of them untouched. */
export function* mutatedDeliveries(seed: number, count: number): Generator<Mutated> {
  const random = seeded(seed);
  for (let number = 0; number < count; number++) {
    const marker = `marker ${seed} ${number}`;
    const [how = '', mutate] = random.pick(Object.entries(mutations));
    const whole = random.pick(deliveries)(marker);
    yield { ...(mutate?.(whole, random) ?? { request: whole, untouched: true }), how, marker };
  }
}

const deliveries: readonly ((marker: string) => SignedRequest)[] = [
  (marker) => signedForm(aCommand(marker)),
  (marker) => signedEvent(anEvent(aMention(marker))),
  (marker) => signedInteraction(aPress({ action_id: 'say:1', value: marker })),
];

export interface FuzzReport {
  sent: number;
  untouched: number;
  accepted: number;
  /** Untouched ones that were refused and touched ones that were taken, in words. */
  wrong: string[];
}

const atOnce = 16;

/** Sends them all to a Slack door of its own, `carried` there by something in between, and counts what got in. */
export async function fuzzInbound(
  seed: number,
  count: number,
  carried: (request: SignedRequest) => SignedRequest = (request) => request,
): Promise<FuzzReport> {
  const api = await startSlackApi();
  const heard = new Set<string>();
  const onTurn = async ({ text }: Turn, _slack: unknown, known: () => void) => {
    heard.add(text);
    known();
    return { outcome: 'answer', correlationId: 'c-1', text: '' } as const;
  };
  const house = await openHouse({ apiUrl: api.apiUrl, onTurn });
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const report: FuzzReport = { sent: 0, untouched: 0, accepted: 0, wrong: [] };
  const sendOne = async ({ request: mutated, untouched, how, marker }: Mutated): Promise<void> => {
    const status = await post(house.port, carried(mutated), agent);
    const accepted = heard.delete(marker);
    report.sent += 1;
    report.untouched += Number(untouched);
    report.accepted += Number(accepted);
    if (accepted !== untouched || status >= 500) {
      report.wrong.push(`${how}: answered ${status}, ${accepted ? 'taken' : 'refused'} (${marker})`);
    }
  };
  let batch: Promise<void>[] = [];
  for (const mutated of mutatedDeliveries(seed, count)) {
    batch.push(sendOne(mutated));
    if (batch.length < atOnce) continue;
    await Promise.all(batch);
    batch = [];
  }
  await Promise.all(batch);
  agent.destroy();
  await house.close();
  await api.close();
  return report;
}

/** The status; 0 when the door hung up in the middle of a body it does not want. */
function post(port: number, { headers, body }: SignedRequest, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/slack/events', headers, agent };
    const sent = request(options, (response) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}
