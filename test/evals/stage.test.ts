import { expect } from 'chai';
import { openEvalHouse } from '../../evals/house.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { openVendor, type Vendor } from './vendor.ts';

const SICK = known.sickInstance;

describe('the stage of a scenario', () => {
  let vendor: Vendor;

  before(async () => {
    vendor = await openVendor();
  });

  after(() => vendor.stop());

  it('stands in what the tools read, each thing where AWS would show it [L8]', async () => {
    const house = await openEvalHouse(vendor.subject, {
      tags: { [SICK]: { Notes: 'reboot me' } },
      alarms: [{ name: 'noisy-one', reason: 'as each day', threshold: 40, instance: SICK }],
      events: [{ name: 'ModifyInstanceAttribute', by: 'lena.fischer', resource: SICK, daysAgo: 6 }],
    });
    const shownBy = async (text: string) => JSON.stringify((await house.say(text)).shown);

    const [status, well] = [await shownBy(`ec2 status ${SICK}`), await shownBy(`ec2 status ${known.healthyInstance}`)];
    const [ringing, calm] = [await shownBy('alarms alarm'), await shownBy('alarms ok')];
    const trail = `cloudtrail resource_name=${SICK} time_window`;
    const [week, day] = [await shownBy(`${trail}=7d`), await shownBy(`${trail}=24h`)];
    await house.close();

    expect([status, ringing, week].map((text) => /Notes=reboot me|noisy-one|lena\.fischer/.test(text))).to.not.include(
      false,
    );
    expect([well, calm, day].join()).to.not.match(/Notes=|noisy-one|lena\.fischer/);
  });
});
