import { expect } from 'chai';
import fc from 'fast-check';
import { aCommand, aDirectMessage, aMention, anEvent, anOpening, aPress, aShortcut, aSubmission } from './payloads.ts';
import { type SignedRequest, signed, signedEvent, signedForm, signedInteraction } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { openHouse, type SlackHouse } from './slack-house.ts';

const ids = JSON.stringify({ approvalId: 'apr-1', digest: 'd'.repeat(64) });

/** One payload of each kind, whole. */
const wholes: readonly object[] = [
  anEvent(aMention('help')),
  anEvent(aDirectMessage('help')),
  anEvent(anOpening('home')),
  anEvent({ type: 'tokens_revoked', tokens: { bot: [] } }),
  aPress({ action_id: 'decide:approve', value: ids }),
  aPress({ action_id: 'say:1', value: 'help' }),
  aShortcut({}),
  aSubmission({ callback_id: 'reason' }, { reason: { reason: { value: 'because' } } }),
  aSubmission({ callback_id: 'create_incident' }, {}),
];

/** What stands in a payload where nobody expects it. */
const junk = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, '', ' ', '\ud800', '\u0000', '__proto__', [], {}, [null], { toString: 1 }),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constant('x'.repeat(50_000)),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A whole payload with one to three of its parts made into something else. */
const damaged = fc
  .tuple(fc.constantFrom(...wholes), fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 3 }))
  .map(([whole, changes]) => changes.reduce<unknown>((value, [at, part]) => replaced(value, at, part), whole));

/** The part at a place that is counted from the outside in. */
function replaced(value: unknown, at: number, part: unknown): unknown {
  if (typeof value !== 'object' || value === null) return part;
  const keys = Object.keys(value);
  if (keys.length === 0) return part;
  const key = keys[at % keys.length] ?? '';
  const inner = Math.floor(at / keys.length);
  const old = (value as Record<string, unknown>)[key];
  const next = inner % 3 === 0 ? part : replaced(old, Math.floor(inner / 3), part);
  return Array.isArray(value)
    ? value.map((one, index) => (String(index) === key ? next : one))
    : { ...value, [key]: next };
}

describe('junk that is signed', () => {
  let api: SlackApi;
  let house: SlackHouse;

  before(async () => {
    api = await startSlackApi();
    house = await openHouse({ apiUrl: api.apiUrl });
  });
  after(async () => {
    await house.close();
    await api.close();
  });

  /** Answered, not with a fault, and heard at most once. */
  async function isTakenOrRefused(request: SignedRequest): Promise<boolean> {
    const before = house.turns.length;
    const { status } = await house.send(request);
    const turns = house.turns.slice(before);
    return [200, 400, 401].includes(status) && turns.every(({ text }) => text.isWellFormed());
  }

  it('never makes a fault out of a payload, whatever is in it [C1]', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, fc.boolean(), (payload, asForm) =>
        isTakenOrRefused(asForm ? signedInteraction(payload as object) : signedEvent(payload as object)),
      ),
      { numRuns: 600 },
    );
  }).timeout(60_000);

  it('never makes a fault out of a command, whatever is in it [C1]', async () => {
    const field = fc.constantFrom(...Object.keys(aCommand('')), 'payload', 'ssl_check', '__proto__');
    const change = fc.dictionary(field, fc.string({ unit: 'binary', maxLength: 60 }), { maxKeys: 3 });

    await fc.assert(
      fc.asyncProperty(change, (over) => isTakenOrRefused(signedForm(aCommand('help', over)))),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('never makes a fault out of bytes, whatever they are called [C1]', async () => {
    const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
      fc.json().map((text) => Buffer.from(text)),
      fc.constant(Buffer.from('['.repeat(200_000))),
      fc.constant(Buffer.from(`payload=${'%5B'.repeat(100_000)}`)),
    );

    await fc.assert(
      fc.asyncProperty(bytes, type, (body, of) => isTakenOrRefused(signed(body, { type: of }))),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('leaves the door open for what comes after it [C1]', async () => {
    const answer = await house.send(signedForm(aCommand('help')));

    expect(answer.status).to.equal(200);
  });
});
