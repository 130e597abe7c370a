import type { Event, LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { expect } from 'chai';
import fc from 'fast-check';
import type { JsonObject } from '../../../lib/json.ts';
import { mintPermit } from '../../../tools/aws/permit.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { searchCloudtrailEvents } from '../../../tools/cloudtrail/search-cloudtrail-events.ts';
import { toTrailEvent } from '../../../tools/cloudtrail/trail-event.ts';
import { createBench, handMadeAws, NOON, refusals, run } from '../bench.ts';

/** CloudTrail that answers with these pages and remembers what it was asked. */
function trailOf(...pages: Event[][]) {
  const asked: LookupEventsCommandInput[] = [];
  const lookupEvents = async (input: LookupEventsCommandInput) => {
    asked.push(input);
    const at = asked.length;
    return { Events: pages[at - 1] ?? [], NextToken: at < pages.length ? `p${at}` : undefined };
  };
  return { asked, aws: handMadeAws({ cloudtrail: { lookupEvents } }) };
}

const event = (EventName: string, minutesAgo: number): Event => ({
  EventName,
  EventTime: new Date(NOON - minutesAgo * 60_000),
});

describe('search_cloudtrail_events', () => {
  it('tells who did what to an instance, when and from where [T4]', async () => {
    const { context, setNow } = await createBench({ permit: mintPermit('chg-1', 1, () => true) });
    await (await context.aws.client('ec2')).rebootInstances({ InstanceIds: [known.sickInstance] });
    setNow(NOON + 60_000);

    const { output, view } = await run(searchCloudtrailEvents, { resource_name: known.sickInstance }, context);

    const [newest] = output.events as { event: string; who: string; from: string; at: string }[];
    expect(newest).to.include({ event: 'RebootInstances', service: 'ec2', who: 'chg-1', from: '198.51.100.20' });
    expect(newest?.at).to.equal(new Date(NOON).toISOString());
    expect(view.kind === 'table' && view.columns).to.deep.equal(['When', 'Who', 'Event', 'Resources', 'From']);
    expect(view.note).to.equal(
      'Management events of eu-west-1 only, at most 90 days back; the newest may lag by minutes.',
    );
  });

  it('lists newest first over a week [T4]', async () => {
    const { context } = await createBench();

    const { output } = await run(searchCloudtrailEvents, { time_window: '7d' }, context);

    const times = (output.events as { at: string }[]).map(({ at }) => at);
    expect(times).to.have.length.above(10);
    expect(times).to.deep.equal([...times].sort().reverse());
  });

  const attributes: [object, string, string][] = [
    [{ resource_name: 'i-0a1b2c3d' }, 'ResourceName', 'i-0a1b2c3d'],
    [{ event_name: 'RebootInstances' }, 'EventName', 'RebootInstances'],
    [{}, 'ReadOnly', 'false'],
  ];
  for (const [input, AttributeKey, AttributeValue] of attributes) {
    it(`asks AWS for ${AttributeKey} alone, because it takes one attribute [T4]`, async () => {
      const { context } = await createBench();
      const { aws, asked } = trailOf([]);

      const { view } = await run(searchCloudtrailEvents, { ...input }, { ...context, aws });

      expect(asked[0]?.LookupAttributes).to.deep.equal([{ AttributeKey, AttributeValue }]);
      expect(asked[0]?.StartTime?.getTime()).to.equal(NOON - 3_600_000);
      expect(view).to.include({
        empty: `No CloudTrail events for ${AttributeKey}=${AttributeValue} in eu-west-1, last hour.`,
      });
    });
  }

  it('says which filters were used, whatever was found [T4]', async () => {
    const { context } = await createBench();
    const look = async (input: JsonObject, ...found: Event[]) =>
      (await run(searchCloudtrailEvents, input, { ...context, aws: trailOf(found).aws })).view;
    const both = { resource_name: 'checkout', event_name: 'UpdateService' };

    const [one, none, all] = [await look(both, event('UpdateService', 1)), await look(both), await look({})];

    expect(one.title).to.equal('CloudTrail: 1 UpdateService event for checkout, last hour');
    expect(none).to.have.property('empty').that.includes('ResourceName=checkout with EventName=UpdateService in');
    expect(all.title).to.equal('CloudTrail: 0 events, last hour');
  });

  it('tells who looked for a name that EC2 resources are recorded by id [T4]', async () => {
    const { context } = await createBench();
    const emptyFor = async (resource_name: string) => {
      const { view } = await run(searchCloudtrailEvents, { resource_name }, { ...context, aws: trailOf([]).aws });
      return view.kind === 'table' ? view.empty : '';
    };

    expect(await emptyFor('web-2')).to.match(/by id, not by Name tag: find the id with "ec2 list"\.$/);
    for (const id of ['vol-0a1b2c3d4e5f60718', 'arn:aws:ecs:eu-west-1:111122223333:service/main/x']) {
      expect(await emptyFor(id)).to.match(/last hour\.$/);
    }
  });

  it('filters the second condition here, and reads one page more with a pause for it [T4, T11]', async () => {
    const { context } = await createBench();
    const { aws, asked } = trailOf(
      [event('StopInstances', 1), event('RebootInstances', 2)],
      [event('rebootinstances', 3)],
      [event('RebootInstances', 4)],
    );

    const input = { resource_name: 'i-1', event_name: 'RebootInstances' };
    const { output } = await run(searchCloudtrailEvents, input, { ...context, aws });

    expect(asked.map(({ NextToken }) => NextToken)).to.deep.equal([undefined, 'p1']);
    expect(context.clock.now() - NOON).to.be.at.least(500);
    expect(output.events).to.have.length(2);
    expect(output).to.include({ more: true });
  });

  it('asks once when one page is enough [T4, T11]', async () => {
    const { context } = await createBench();
    const { aws, asked } = trailOf([event('A', 1), event('B', 2)], [event('C', 3)]);

    const { output } = await run(searchCloudtrailEvents, { max_results: 2 }, { ...context, aws });

    expect(asked).to.have.length(1);
    expect(context.clock.now()).to.equal(NOON);
    expect(output).to.include({ more: true });
  });

  it('cuts and cleans every field a caller could have written [T4]', () => {
    const hostile = `\u001b]0;x\u0007\u202e\u0000${'e'.repeat(5000)}`;

    const seen = toTrailEvent({
      EventName: hostile,
      EventSource: hostile,
      Username: hostile,
      EventId: hostile,
      Resources: Array(50).fill({ ResourceName: hostile }),
      CloudTrailEvent: JSON.stringify({ sourceIPAddress: hostile, errorCode: hostile }),
    });

    expect(JSON.stringify(seen).length).to.be.below(2000);
    expect(JSON.stringify(seen)).not.to.match(/\\u001b|\\u0000|\u202e/);
    expect(seen.resources).to.have.length(5);
  });

  it('keeps an event whose record cannot be read, whatever the record is [T4]', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (CloudTrailEvent) => {
        expect(toTrailEvent({ EventName: 'X', CloudTrailEvent })).to.include({ event: 'X' });
      }),
    );
  });

  it('names the caller by the role session, and a failed call by its error [T4]', async () => {
    const { context } = await createBench();
    const record = {
      errorCode: 'UnauthorizedOperation',
      userIdentity: { arn: 'arn:aws:sts::1:assumed-role/Deploy/bob' },
    };
    const { aws } = trailOf([
      { ...event('StopInstances', 1), EventSource: 'ec2.amazonaws.com', CloudTrailEvent: JSON.stringify(record) },
    ]);

    const { view } = await run(searchCloudtrailEvents, {}, { ...context, aws });

    const [row] = view.kind === 'table' ? view.rows : [];
    expect(row?.slice(1, 3)).to.deep.equal([
      'Deploy/bob',
      { text: 'StopInstances (ec2): UnauthorizedOperation', status: 'warning' },
    ]);
    expect(view.note).to.match(/^Changes only\./);
  });

  it('refuses what is no event or resource name, with an example [T4]', () => {
    expect(refusals(searchCloudtrailEvents, { event_name: 'i-0abc' })[0]).to.match(
      /like RebootInstances; a resource goes into resource_name/,
    );
    expect(refusals(searchCloudtrailEvents, { resource_name: 'a b' })[0]).to.match(/an id, name or ARN, like/);
    expect(refusals(searchCloudtrailEvents, { max_results: 51 })[0]).to.match(/from 1 to 50/);
  });
});
