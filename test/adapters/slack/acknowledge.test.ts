import { expect } from 'chai';
import { z } from 'zod';
import type { Turn, TurnResult } from '../../../bot/turn.ts';
import { sha256Hex } from '../../../lib/ids.ts';
import { type Kind, put } from '../../../store/store.ts';
import { aCommand, aMention, anEvent, aPress } from './payloads.ts';
import { seeded } from './seeded.ts';
import { type SignedRequest, signedEvent, signedForm, signedInteraction } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { answered, openHouse, type Settings, type SlackHouse } from './slack-house.ts';

const ackWithinMs = 300;

/** As the bot does it: whoever stores the id first has the turn. */
const heardKind: Kind<{ at: number }> = { name: 'heard', schema: z.object({ at: z.number() }), indexes: {} };

describe('the answer to Slack', () => {
  let api: SlackApi;
  let house: SlackHouse | undefined;

  before(async () => {
    api = await startSlackApi();
  });
  afterEach(() => house?.close());
  after(() => api.close());

  async function open(onTurn: Settings['onTurn']): Promise<SlackHouse> {
    house = await openHouse({ apiUrl: api.apiUrl, onTurn });
    return house;
  }

  it('leaves while the work goes on, and each delivery is one turn however often it comes [C6]', async () => {
    const finish = Promise.withResolvers<void>();
    const worked = new Map<string, number>();
    const { send, store } = await open(async (turn, _slack, heard) => {
      const first = (await store.transact([put(heardKind, sha256Hex(turn.id), { at: turn.at })])).committed;
      heard();
      if (first) worked.set(turn.text, (worked.get(turn.text) ?? 0) + 1);
      await finish.promise;
      return answered;
    });
    const random = seeded(3);
    const texts = Array.from({ length: 30 }, (_, number) => `ec2 list ${number}`);
    const deliveries = texts.flatMap((text, number) => repeated(text, number % 3, 1 + random.below(5)));
    const shuffled = deliveries
      .map((delivery) => ({ delivery, place: random.below(1_000_000) }))
      .sort((one, other) => one.place - other.place);

    const answers = [];
    for (const { delivery } of shuffled) answers.push(await send(delivery()));

    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(Math.max(...answers.map(({ ms }) => ms))).to.be.lessThan(ackWithinMs);
    expect(worked).to.deep.equal(new Map(texts.map((text) => [text, 1])));
    finish.resolve();
  });

  it('leaves after two seconds when the store does not say that it heard [C6]', async () => {
    const finish = Promise.withResolvers<TurnResult>();
    const { send } = await open(() => finish.promise);

    const answer = await send(signedForm(aCommand('ec2 list')));

    expect(answer.status).to.equal(200);
    expect(answer.ms).to.be.within(1_900, 2_900);
    finish.resolve(answered);
  });

  it('asks for the event again when it was not heard at all [C6]', async () => {
    const { send } = await open(() => Promise.reject(new Error('a fault')));

    const answer = await send(signedEvent(anEvent(aMention('ec2 list'))));

    expect([answer.status, answer.text]).to.deep.equal([503, '']);
    expect(answer.headers).not.to.have.property('x-slack-no-retry');
  });

  it('stands when the work fails after it [C6]', async () => {
    const { send } = await open(async (_turn, _slack, heard) => {
      heard();
      throw new Error('a fault');
    });

    const answer = await send(signedEvent(anEvent(aMention('ec2 list'))));

    expect(answer.status).to.equal(200);
  });

  it('is that there is nobody any more once it stops [O5]', async () => {
    const { send, slack, turns } = await open(undefined);
    await slack.stop();

    const answer = await send(signedEvent(anEvent(aMention('ec2 list'))));

    expect(answer.status).to.equal(503);
    expect(turns).to.deep.equal([] satisfies Turn[]);
  });
});

/** One delivery, as Slack repeats it: the same ids, signed anew. */
function repeated(text: string, kind: number, times: number): (() => SignedRequest)[] {
  const event = anEvent(aMention(text));
  const command = aCommand(text);
  const press = aPress({ action_id: 'say:1', value: text });
  const makes = [() => signedEvent(event), () => signedForm(command), () => signedInteraction(press)];
  const make = makes[kind] ?? (() => signedEvent(event));
  let number = 0;
  const later = (): number => Math.floor(Date.now() / 1000) - 60 + number++;
  return Array.from({ length: times }, () => () => resigned(make(), later()));
}

function resigned({ headers, body }: SignedRequest, at: number): SignedRequest {
  return headers['content-type'] === 'application/json'
    ? signedEvent(JSON.parse(body.toString()), { at })
    : signedForm(Object.fromEntries(new URLSearchParams(body.toString())), { at });
}
