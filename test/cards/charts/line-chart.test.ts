import { expect } from 'chai';
import fc from 'fast-check';
import { lineChartSvg } from '../../../cards/charts/line-chart.ts';
import { hostileTexts } from '../hostile.ts';
import { series, spike } from '../samples.ts';

const size = { width: 480, height: 200 };

function numbersIn(svg: string): string[] {
  return [...svg.matchAll(/\s(?:x|y|cx|cy|d)="([^"]*)"/g)].map(([, value]) => value ?? '');
}

describe('lineChartSvg', () => {
  it('names axes, unit, time, extremes and the last value [C7]', () => {
    const svg = lineChartSvg(spike, size);

    for (const label of ['0 %', '50 %', '100 %', '02:00', '02:59 UTC', '● max 92 %   ○ min 11 %', '15 %']) {
      expect(svg).to.include(`>${label}</text>`);
    }
    expect(svg).to.include(
      '<title>CPU utilisation</title><desc>CPU utilisation: last 15 % · min 11 % · max 92 %</desc>',
    );
  });

  it('leaves a gap where there was no data', () => {
    const svg = lineChartSvg(series([1, 2, null, 3, 4]), size);

    const curve = svg.match(/<path d="(M[^"]*)" fill="none"/)?.[1] ?? '';
    expect(curve.match(/M/g)).to.have.length(2);
  });

  it('shows a single point between gaps as a dot', () => {
    const svg = lineChartSvg(series([null, 5, null]), size);

    expect(svg).to.include('r="2.5"');
  });

  it('says so when there is nothing to draw', () => {
    for (const empty of [series([]), series([null, null]), series([Number.NaN])]) {
      expect(lineChartSvg(empty, size)).to.include('No data in this time range');
    }
  });

  it('draws any numbers inside the picture', () => {
    const value = fc.option(fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -5, 1e308, -1e308, 5e-324, 7)));

    fc.assert(
      fc.property(fc.array(value, { maxLength: 400 }), (values) => {
        const svg = lineChartSvg(series(values), size);

        const coordinates = numbersIn(svg).flatMap((text) => text.split(/[MLHV ]/).filter((part) => part !== ''));
        const inside = coordinates.every((text) => Number(text) >= 0 && Number(text) <= 480);
        return inside && svg.length < 8000 && !/NaN|Infinity/.test(svg.replace(/<desc>.*<\/desc>/, ''));
      }),
    );
  });

  it('keeps a spike of one minute in a week [C7]', () => {
    const values = Array.from({ length: 10_080 }, (_, minute) => (minute === 5000 ? 100 : 1));

    const svg = lineChartSvg(series(values), size);

    expect(svg).to.include('● max 100 %');
    expect(svg.length).to.be.below(6000);
  });

  it('escapes whatever the labels hold', () => {
    for (const poison of Object.values(hostileTexts)) {
      const svg = lineChartSvg(series([1, 2], poison, poison), size);

      expect(svg).not.to.match(/<(?:script|img|at)|onerror="|[\u202E\u001b]/);
      expect(svg.match(/<svg|<\/svg>/g)).to.have.length(2);
    }
  });
});
