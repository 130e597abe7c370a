import { expect } from 'chai';
import fc from 'fast-check';
import { OpsError } from '../../lib/errors.ts';
import { findTimeWindow, parseTimeWindow, TimeWindow, windowOf } from '../../tools/time-window.ts';
import { movableClock } from '../store/movable-clock.ts';
import { NOON } from './bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIDNIGHT = NOON - 12 * HOUR;

function read(text: string, now = NOON) {
  const parsed = parseTimeWindow(text, now);
  return parsed.kind === 'window' ? [parsed.window.from, parsed.window.to, parsed.window.label] : parsed.message;
}

describe('time windows', () => {
  const cases: [string, number, number, string][] = [
    ['15m', NOON - 15 * MINUTE, NOON, 'last 15 minutes'],
    ['1h', NOON - HOUR, NOON, 'last hour'],
    ['24h', NOON - DAY, NOON, 'last 24 hours'],
    ['7d', NOON - 7 * DAY, NOON, 'last 7 days'],
    ['1.5h', NOON - 1.5 * HOUR, NOON, 'last 1.5 hours'],
    ['90 minutes', NOON - 90 * MINUTE, NOON, 'last 90 minutes'],
    ['90 seconds', NOON - 90_000, NOON, 'last 90 seconds'],
    ['last 30 minutes', NOON - 30 * MINUTE, NOON, 'last 30 minutes'],
    ['Last  30  Mins', NOON - 30 * MINUTE, NOON, 'last 30 minutes'],
    ['past 2 hours', NOON - 2 * HOUR, NOON, 'last 2 hours'],
    ['last two hours', NOON - 2 * HOUR, NOON, 'last 2 hours'],
    ['in the last hour', NOON - HOUR, NOON, 'last hour'],
    ['the past week', NOON - 7 * DAY, NOON, 'last week'],
    ['last couple of hours', NOON - 2 * HOUR, NOON, 'last 2 hours'],
    ['last half an hour', NOON - HOUR / 2, NOON, 'last 0.5 hours'],
    ['last 15m', NOON - 15 * MINUTE, NOON, 'last 15 minutes'],
    ['since 09:00', MIDNIGHT + 9 * HOUR, NOON, 'since 09:00 UTC'],
    ['since 9:30 UTC', MIDNIGHT + 9.5 * HOUR, NOON, 'since 09:30 UTC'],
    ['since 9am', MIDNIGHT + 9 * HOUR, NOON, 'since 09:00 UTC'],
    ['since 12:30am', MIDNIGHT + HOUR / 2, NOON, 'since 00:30 UTC'],
    ['since 14:00', MIDNIGHT - 10 * HOUR, NOON, 'since yesterday 14:00 UTC'],
    ['yesterday', MIDNIGHT - DAY, MIDNIGHT, 'yesterday (UTC)'],
    ['since yesterday', MIDNIGHT - DAY, NOON, 'since yesterday 00:00 UTC'],
    ['today', MIDNIGHT, NOON, 'today since 00:00 UTC'],
    [
      '2026-11-20T10:00Z/2026-11-20T11:00Z',
      MIDNIGHT + 10 * HOUR,
      MIDNIGHT + 11 * HOUR,
      '2026-11-20T10:00Z to 2026-11-20T11:00Z',
    ],
  ];
  for (const [text, from, to, label] of cases) {
    it(`reads "${text}" [T10]`, () => {
      expect(read(text)).to.deep.equal([from, to, label]);
    });
  }

  const refused: [string, RegExp][] = [
    ['', /not a time window; it reads 15m, 1h/],
    ['soon', /not a time window/],
    ['15 m please', /not a time window/],
    ['0m', /at least 1 minute/],
    ['30s', /at least 1 minute/],
    ['91d', /at most 90 days/],
    ['99999w', /at most 90 days/],
    ['since 25:00', /not a time window/],
    ['since 09:75', /not a time window/],
    ['since 13pm', /not a time window/],
    ['2026-13-40T10:00Z/2026-11-20T11:00Z', /not a time window/],
    ['2026-11-20T11:00Z/2026-11-20T10:00Z', /not a time window/],
    ['2026-11-21T11:00Z/2026-11-22T10:00Z', /lies in the past/],
    ['2020-01-01T00:00Z/2020-01-01T01:00Z', /at most 90 days/],
  ];
  for (const [text, words] of refused) {
    it(`refuses "${text}" and says what it reads instead [T10]`, () => {
      expect(read(text))
        .to.match(words)
        .and.to.match(/15m.*yesterday/);
    });
  }

  it('says no window at midnight rather than one of nothing [T10]', () => {
    expect(read('today', MIDNIGHT)).to.match(/at least 1 minute/);
  });

  it('throws the same words for a tool, with the field [T10]', () => {
    const { clock } = movableClock(NOON);

    expect(() => windowOf('91d', clock)).to.throw(OpsError, /time_window: .*90 days/);
    expect(windowOf('1h', clock).label).to.equal('last hour');
  });

  it('refuses a word that is no window already in the input schema [T10]', () => {
    expect(TimeWindow.parse(undefined)).to.equal('15m');
    expect(TimeWindow.safeParse('soon').success).to.equal(false);
    expect(TimeWindow.safeParse('last two hours').success).to.equal(true);
  });

  const sentences: [string, string | undefined, string][] = [
    ['cpu of i-0abc for the last 30 minutes?', 'last 30 minutes', 'for the last 30 minutes'],
    ['why was web slow yesterday, exactly', 'yesterday', 'yesterday'],
    ['what changed since 09:00 UTC in main', 'since 09:00 utc', 'since 09:00 UTC'],
    ['show errors (1h)', '1h', '1h'],
    ['who changed it in the past two hours', 'past two hours', 'in the past two hours'],
    ['scale main checkout to 4 tasks', undefined, ''],
    ['the last deployment broke the first 3 hosts', undefined, ''],
    ['reboot it in a minute', undefined, ''],
    ['', undefined, ''],
  ];
  for (const [sentence, text, span] of sentences) {
    it(`finds ${text ?? 'no window'} in "${sentence}" [T10]`, () => {
      const found = findTimeWindow(sentence);

      expect(found?.text).to.equal(text);
      expect(found ? sentence.slice(found.start, found.end) : '').to.equal(span);
    });
  }

  it('gives back only what it reads itself, whatever the sentence [T10]', () => {
    const words = fc.constantFrom(
      'last',
      'past',
      'since',
      'the',
      'in',
      '09:00',
      'yesterday',
      'two',
      '15',
      '15m',
      'hours',
      'day',
      '…',
      'x',
    );

    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        const found = findTimeWindow(parts.join(' '));
        if (found) expect(TimeWindow.safeParse(found.text).success, found.text).to.equal(true);
      }),
    );
  });

  it('never throws and never leaves its limits, whatever the text [T10]', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.nat(), fc.constantFrom('s', 'm', 'h', 'd', 'w')).map((pair) => pair.join('')),
    );

    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 4e12 }), (hostile, now) => {
        const parsed = parseTimeWindow(hostile, now);
        if (parsed.kind === 'problem') return;
        expect(parsed.window.to - parsed.window.from).to.be.within(MINUTE, 90 * DAY);
        expect(parsed.window.to).to.be.at.most(now);
      }),
    );
  });

  for (const piece of [
    'a',
    ' ',
    'last ',
    'since ',
    'in the last ',
    '9',
    '1 ',
    '"',
    '2026-11-20T10:00Z/',
    '\u202e',
    'last 1',
  ]) {
    it(`takes 50,000 characters of ${JSON.stringify(piece)} in little time [T10]`, () => {
      const hostile = piece.repeat(50_000 / piece.length);
      const start = performance.now();

      parseTimeWindow(hostile, NOON);
      findTimeWindow(hostile);

      expect(performance.now() - start).to.be.below(200);
    });
  }
});
