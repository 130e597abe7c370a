import type { LookupAttribute } from '@aws-sdk/client-cloudtrail';
import { expect } from 'chai';
import { collect } from '../../../../tools/aws/pages.ts';
import { known } from '../../../../tools/aws/simulated/known.ts';
import { type OpenEstate, openEstate, START, thrownBy } from './open-estate.ts';

const DAY = 24 * 3_600_000;

const lookUp = async ({ apis }: OpenEstate, AttributeKey: LookupAttribute['AttributeKey'], AttributeValue: string) =>
  (await apis.cloudtrail.lookupEvents({ LookupAttributes: [{ AttributeKey, AttributeValue }] })).Events ?? [];

describe('simulated CloudTrail', () => {
  it('gives the newest fifty events first, none of the future [T4]', async () => {
    const { apis } = await openEstate();

    const { Events = [], NextToken } = await apis.cloudtrail.lookupEvents({});

    const times = Events.map(({ EventTime }) => EventTime?.getTime() ?? 0);
    expect(Events).to.have.length(50);
    expect(times).to.deep.equal(times.toSorted((a, b) => b - a));
    expect(times[0]).to.be.at.most(START);
    expect(NextToken).to.be.a('string');
  });

  it('pages through a window without losing or repeating an event [T4, T11]', async () => {
    const { apis } = await openEstate();
    const window = { StartTime: new Date(START - 3 * DAY), EndTime: new Date(START) };

    const { items, more } = await collect(
      async (NextToken) => {
        const page = await apis.cloudtrail.lookupEvents({ ...window, MaxResults: 10, NextToken });
        return { items: page.Events ?? [], next: page.NextToken };
      },
      { maxPages: 50, maxItems: 1000 },
    );

    expect(more).to.equal(false);
    expect(items.length).to.be.above(40);
    expect(new Set(items.map(({ EventId }) => EventId)).size).to.equal(items.length);
    for (const { EventTime } of items) expect(EventTime?.getTime()).to.be.within(START - 3 * DAY, START);
  });

  it('remembers ninety days and no more [T4]', async () => {
    const { apis } = await openEstate();
    const EndTime = new Date(START - 90 * DAY);

    const { Events } = await apis.cloudtrail.lookupEvents({ StartTime: new Date(START - 200 * DAY), EndTime });

    expect(Events).to.deep.equal([]);
  });

  it('shows what was changed here, by which session, from where [T4, T5, A1]', async () => {
    const estate = await openEstate();
    await estate.apis.ec2.rebootInstances({ InstanceIds: [known.sickInstance] });

    const [event] = await lookUp(estate, 'ResourceName', known.sickInstance);

    expect(event).to.deep.include({
      EventName: 'RebootInstances',
      Username: 'chg-1',
      EventTime: new Date(START),
    });
    const told = JSON.parse(event?.CloudTrailEvent ?? '');
    expect(told).to.deep.include({
      awsRegion: 'eu-west-1',
      sourceIPAddress: '198.51.100.20',
      recipientAccountId: '111122223333',
    });
    expect(told.userIdentity.arn).to.match(/assumed-role\/OpsAgentExecutor\/chg-1$/);
    expect(told.userAgent).to.equal('OpsAgent opsagent/c-1');
  });

  it('shows a change in its own Region only [T4]', async () => {
    const here = await openEstate();
    const there = await openEstate({ store: here.store, region: 'us-east-1' });

    await here.apis.ecs.updateService({ cluster: 'main', service: 'cart', desiredCount: 3 });

    expect(await lookUp(here, 'Username', 'chg-1')).to.have.length(1);
    expect(await lookUp(there, 'Username', 'chg-1')).to.deep.equal([]);
  });

  it('finds events by name, and a deployment by its service [T4]', async () => {
    const estate = await openEstate();

    const signIns = await lookUp(estate, 'EventName', 'ConsoleLogin');
    const [deployment] = await lookUp(estate, 'ResourceName', 'checkout');

    expect(new Set(signIns.map(({ EventName }) => EventName))).to.deep.equal(new Set(['ConsoleLogin']));
    expect(deployment).to.include({ EventName: 'UpdateService', Username: 'deploy-bot' });
    expect(deployment?.EventTime?.toISOString()).to.equal('2026-03-03T06:57:00.000Z');
  });

  it('refuses two attributes, pages over fifty and windows that end before they start [T11]', async () => {
    const { apis } = await openEstate();
    const attribute = { AttributeKey: 'EventName' as const, AttributeValue: 'x' };
    const refused = [
      { LookupAttributes: [attribute, attribute] },
      { MaxResults: 51 },
      { StartTime: new Date(START), EndTime: new Date(START - 1) },
      { NextToken: 'bogus' },
    ];

    for (const input of refused) {
      expect(await thrownBy(apis.cloudtrail.lookupEvents(input))).to.include({ code: 'aws_invalid' });
    }
  });
});
