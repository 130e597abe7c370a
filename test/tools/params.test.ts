import { expect } from 'chai';
import { dimensionsFor } from '../../tools/cloudwatch/dimensions.ts';
import { instanceIdPattern, regionPattern } from '../../tools/params.ts';

describe('the patterns every tool shares', () => {
  it('take instance ids of 8 or 17 digits and no length between [T11]', () => {
    const lengths = Array.from({ length: 20 }, (_, n) => n).filter((n) => instanceIdPattern.test(`i-${'a'.repeat(n)}`));

    expect(lengths).to.deep.equal([8, 17]);
    expect(() => dimensionsFor('AWS/EC2', 'i-0a1b2c3d4e')).to.throw('is not a resource of AWS/EC2');
  });

  it('take the Regions of every partition, and nothing that only looks like one [T11]', () => {
    const names = [
      'eu-west-1',
      'us-gov-east-1',
      'us-isob-east-1',
      'cn-north-1',
      'eu-west-1.evil',
      'xx-a-b-c-1',
      'eu-1',
    ];

    expect(names.map((name) => regionPattern.test(name))).to.deep.equal([true, true, true, true, false, false, false]);
  });
});
