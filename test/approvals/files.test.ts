import { rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { PeopleFile } from '../../approvals/people.ts';
import { defaultSettings, Settings } from '../../approvals/settings.ts';
import { OpsError } from '../../lib/errors.ts';
import { watchYaml } from '../../lib/watched-file.ts';
import { movableClock } from '../store/movable-clock.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { approveAll, CALLS, createHouse, decide, propose, ruleOf, stored } from './house.ts';

const ADA = 'Ada:\n  email: ada@example.com\n  roles: [ops-lead]\n';
const EVE = 'Eve:\n  email: eve@example.com\n  roles: [viewer]\n';

describe('people file', () => {
  const path = temporaryFolder();
  const watch = (text: string) => {
    writeFileSync(path('people.yaml'), text);
    const { clock, setNow } = movableClock(0);
    const read = watchYaml(path('people.yaml'), PeopleFile, clock);
    let now = 0;
    const later = () => {
      now += 1_500;
      setNow(now);
      return read();
    };
    return { read, later };
  };
  const names = ({ value }: { value: readonly { name: string }[] }) => value.map(({ name }) => name);

  it('lets in whom it names, and hears of changes without a restart [G2]', () => {
    const { read, later } = watch(ADA);
    const before = names(read());
    writeFileSync(path('people.yaml'), ADA + EVE);

    const after = later();

    expect(before).to.deep.equal(['Ada']);
    expect(names(after)).to.deep.equal(['Ada', 'Eve']);
    expect(after.state).to.equal('fresh');
  });

  it('lets nobody in when it is empty or says nothing [G2]', () => {
    for (const text of ['', '\n', '# nobody yet\n', 'null\n', '{}\n'])
      expect(names(watch(text).read()), text).to.deep.equal([]);
  });

  it('keeps the last good list but says so while the file is broken or gone, until it is right again [G2]', () => {
    const { later } = watch(ADA);
    writeFileSync(path('people.yaml'), 'Ada: [unclosed');
    const broken = later();
    rmSync(path('people.yaml'));
    const gone = later();
    writeFileSync(path('people.yaml'), EVE);
    const right = later();

    for (const stale of [broken, gone]) {
      expect(stale.state).to.equal('stale');
      expect(names(stale)).to.deep.equal(['Ada']);
    }
    expect(right.state).to.equal('fresh');
    expect(names(right)).to.deep.equal(['Eve']);
  });

  it('is refused with an unknown role, an unknown field, no e-mail, or one person twice [G2, G4]', () => {
    const wrong = [
      ADA.replace('ops-lead', 'root'),
      `${ADA}  password: x\n`,
      'Ada:\n  roles: [admin]\n',
      ADA.replace('ada@example.com', 'ada'),
      ADA + ADA.replace('Ada', 'Ada Two'),
      ADA + ADA.replace('Ada', 'Ada Two').replace('ada@', 'ADA@'),
      '- Ada\n',
      'Ada\n',
    ];
    for (const text of wrong)
      expect(() => watch(text), text)
        .to.throw(OpsError)
        .with.property('code', 'config_invalid');
  });
});

describe('policy file', () => {
  it('has defaults that are the strictest of the requirements, and cannot be loosened beyond them [G3, G5, G9]', () => {
    expect(defaultSettings).to.deep.include({
      changes: 'allowed',
      approval_minutes: 15,
      channels: ['#ops'],
      webhooks: [],
    });
    expect(defaultSettings.quorum).to.deep.equal({ low: 1, medium: 1, high: 2, critical: 2 });
    expect(defaultSettings.limits).to.deep.include({ per_hour: 10, concurrent: 3 });
    for (const wrong of [
      { approval_minutes: 16 },
      { approval_minutes: 0 },
      { approval_minutes: 1.5 },
      { quorum: { high: 1 } },
      { quorum: { low: 0 } },
      { changes: 'maybe' },
      { changes: false },
      { limits: { concurrent: 0 } },
      { limits: { per_hour: -1 } },
      { limits: { pending_per_person: 101 } },
      { channels: [] },
      { channels: ['ops'] },
      { routes: { '#ops': ['slack:#ops'] } },
      { routes: { '#ops': ['slack:T0123ABCD'] } },
      { routes: { '#ops': ['teams:19%3Aabc%40thread.tacv2'] } },
      { routes: { '#ops': ['teams:Operations'] } },
      { routes: { '#ops': ['slak:T0123ABCD/C0123ABCD'] } },
      { routes: { '#ops': [] } },
      { webhooks: ['http://hooks.example.com/x'] },
      { change_windows: [{ days: ['mon'], from: '24:00', to: '08:00' }] },
      { change_windows: [{ days: [], from: '09:00', to: '08:00' }] },
      { chanegs: 'paused' },
    ])
      expect(Settings.safeParse(wrong).success, JSON.stringify(wrong)).to.equal(false);
  });

  it('takes routes in the form of each platform [G14, C10]', () => {
    const routes = {
      '#ops': ['slack:T0123ABCD/C0123ABCD', 'teams:19:abc_1-2@thread.tacv2', 'teams:19:abc@thread.v2', 'web:#ops'],
    };

    expect(Settings.parse({ routes }).routes).to.deep.equal(routes);
  });

  it('stops approvals while it or the people file cannot be read, and lets them go on afterwards [G2, G9]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    house.problem = 'people.yaml: it is broken';

    const refused = await decide(house, 'dave', id);
    house.problem = undefined;
    const after = await approveAll(house, id, 'dave');

    expect(ruleOf(refused)).to.equal('rules-readable');
    expect(after.state).to.equal('succeeded');
  });

  it('still lets people reject and cancel while a file cannot be read [G7]', async () => {
    const house = await createHouse();
    const first = await propose(house, CALLS.medium);
    const second = await propose(house, CALLS.low);
    house.problem = 'policy.yaml: it is broken';

    await decide(house, 'dave', first.id, { verdict: 'reject', reason: 'not now' });
    await decide(house, 'alice', second.id, { verdict: 'cancel' });

    expect((await stored(house, first.id)).state).to.equal('rejected');
    expect((await stored(house, second.id)).state).to.equal('cancelled');
  });
});
