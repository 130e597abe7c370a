import { expect } from 'chai';
import { bucketName, inAll } from '../../console/src/reports/chart-words.ts';

const days = [{ at: '2026-11-19T00:00:00.000Z' }, { at: '2026-11-20T00:00:00.000Z' }];
const hours = [{ at: '2026-11-19T23:00:00.000Z' }, { at: '2026-11-20T00:00:00.000Z' }];

describe('the words of a chart', () => {
  it('call days by their date and hours by date and time, in UTC like the buckets [A7, C9]', () => {
    expect(days.map(({ at }) => bucketName(days)(at))).to.deep.equal(['19 Nov', '20 Nov']);
    expect(hours.map(({ at }) => bucketName(hours)(at))).to.deep.equal(['19 Nov, 23:00 UTC', '20 Nov, 00:00 UTC']);
    expect(bucketName([])('2026-11-20T00:00:00.000Z')).to.equal('20 Nov');
  });

  it('say the sum and the most, and what was not counted [A7]', () => {
    const points = (values: (number | null)[]) => values.map((value) => ({ at: '2026-11-20T00:00:00Z', value }));

    expect(inAll({ points: points([3, 1_200, 0]) })).to.equal('1,203 in all, the highest bar is 1,200');
    expect(inAll({ points: points([null, 4]) })).to.equal('4 in all, the highest bar is 4; 1 of 2 not counted');
    expect(inAll({ points: [] })).to.equal('0 in all, the highest bar is 0');
  });
});
