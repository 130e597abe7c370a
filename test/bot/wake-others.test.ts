import { expect } from 'chai';
import { wakeOthers } from '../../bot/wake-others.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createLocalHub } from '../../store/live/local-live.ts';

describe('waking the dispatchers of other processes', () => {
  const hub = createLocalHub(silentLog);
  const aProcess = (...channels: string[]) => {
    const woken: (string | undefined)[] = [];
    const wake = wakeOthers(hub.join(), { wake: (change) => void woken.push(change) }, channels);
    return { woken, wake };
  };

  it('wakes those that host a channel the sender does not, and leaves the others asleep [G11]', async () => {
    const worker = aProcess('slack');
    const web = aProcess('web', 'slack');
    const same = aProcess('slack');

    worker.wake('chg-0123456789ab');
    worker.wake();
    await systemClock.sleep(20);

    expect(worker.woken).to.deep.equal(['chg-0123456789ab', undefined]);
    expect(web.woken).to.deep.equal(['chg-0123456789ab', undefined]);
    expect(same.woken).to.deep.equal([]);
  });

  it('ignores what is no id of a change [G11]', async () => {
    const web = aProcess('web', 'teams');
    const other = aProcess('slack');

    other.wake('chg-0123456789ab\n');
    other.wake('x'.repeat(500));
    await systemClock.sleep(20);

    expect(web.woken).to.deep.equal([]);
  });
});
