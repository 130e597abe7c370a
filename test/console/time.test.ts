import { expect } from 'chai';
import fc from 'fast-check';
import { fromLocalInput, relativeTime, secondTime, toLocalInput, zonedTime, zoneName } from '../../console/src/time.ts';

const now = new Date('2026-11-21T12:00:00Z');

describe('times of the console', () => {
  it('say how long is left in the largest whole unit', () => {
    expect(relativeTime('2026-11-21T12:14:59Z', now)).to.equal('in 14 minutes');
    expect(relativeTime('2026-11-21T12:00:30Z', now)).to.equal('in less than a minute');
    expect(relativeTime('2026-11-21T09:00:00Z', now)).to.equal('3 hours ago');
    expect(relativeTime('2026-11-19T11:00:00Z', now)).to.equal('2 days ago');
  });

  it('name the zone of the reader', () => {
    const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })
      .formatToParts(now)
      .find(({ type }) => type === 'timeZoneName');

    expect(zonedTime(now.toISOString(), now))
      .to.match(/^\d\d:\d\d /)
      .and.to.contain(zone?.value);
  });

  it('give the seconds of a record, and its date and year when they are not those of today [C3]', () => {
    const noon = new Date(2026, 10, 21, 12, 0, 0);
    const of = (year: number, month: number, day: number) => {
      const at = new Date(year, month, day, 9, 5, 7);
      return secondTime(at.toISOString(), noon).replace(` ${zoneName(at)}`, '');
    };

    expect(of(2026, 10, 21)).to.equal('09:05:07');
    expect(of(2026, 10, 20)).to.equal('20 Nov, 09:05:07');
    expect(of(2025, 10, 20)).to.equal('20 Nov 2025, 09:05:07');
  });

  it('come back from a datetime field as they went in, to the minute', () => {
    const minutes = fc.integer({ min: 0, max: 40_000_000 }).map((count) => new Date(count * 60_000));

    fc.assert(
      fc.property(minutes, (at) => {
        // The hour that a clock change repeats has two moments for one wall time.
        fc.pre(new Date(at.getTime() - 7_200_000).getTimezoneOffset() === at.getTimezoneOffset());
        expect(fromLocalInput(toLocalInput(at.toISOString()))).to.equal(at.toISOString());
      }),
    );
  });

  it('are no filter while the field is empty or half typed', () => {
    expect(fromLocalInput('')).to.equal(undefined);
    expect(fromLocalInput('2026-11-')).to.equal(undefined);
    expect(toLocalInput('not a time')).to.equal('');
  });
});
