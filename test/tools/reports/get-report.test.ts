import { expect } from 'chai';
import { renderAdaptive } from '../../../cards/adaptive/render.ts';
import { renderBlockKit } from '../../../cards/blockkit/render.ts';
import { renderText } from '../../../cards/text/render.ts';
import type { View } from '../../../cards/view.ts';
import { OpsError } from '../../../lib/errors.ts';
import { getReport } from '../../../tools/reports/get-report.ts';
import { REPORTS, type Report } from '../../../tools/reports/report.ts';
import { brokenLimits } from '../../cards/blockkit/block-limits.ts';
import { createBench, failureOf, handMadeAws, NOON, refusals, run } from '../bench.ts';

const DAY = 86_400_000;
const daysAgo = (days: number) => new Date(NOON - days * DAY);

/** IAM with so many users of one key each, ten a page. */
function manyUsers(count: number, key: { ageDays: number; usedDays?: number } = { ageDays: 100 }) {
  const asked: string[] = [];
  const aws = handMadeAws({
    iam: {
      async listUsers({ Marker = '0' }) {
        const from = Number(Marker);
        const names = Array.from({ length: Math.min(10, count - from) }, (_, n) => `user-${from + n}`);
        const more = from + 10 < count;
        return {
          Users: names.map((UserName) => ({ UserName, Path: '/', UserId: 'x', Arn: 'x', CreateDate: daysAgo(1) })),
          ...{ IsTruncated: more, Marker: more ? String(from + 10) : undefined },
        };
      },
      async listAccessKeys({ UserName = '' }) {
        asked.push(UserName);
        if (UserName === 'user-1') throw new OpsError('aws_not_found', 'gone', { hint: 'none' });
        const AccessKeyId = `AKIAIOSFODNN7${UserName.padStart(7, 'X')}`;
        return { AccessKeyMetadata: [{ UserName, AccessKeyId, Status: 'Active', CreateDate: daysAgo(key.ageDays) }] };
      },
      async getAccessKeyLastUsed() {
        const LastUsedDate = key.usedDays === undefined ? undefined : daysAgo(key.usedDays);
        return { AccessKeyLastUsed: { LastUsedDate, ServiceName: 's3', Region: 'N/A' } };
      },
    },
  });
  return { aws, asked };
}

const reportOf = (output: object) => output as Report;

describe('get_report', () => {
  for (const report of REPORTS) {
    it(`answers ${report} of the simulated estate in every dialect, within the limits of each [A7, C4, C7]`, async () => {
      const { context } = await createBench();

      const { view } = await run(getReport, { report }, context);

      expect(view.kind).to.equal('sections');
      expect(view.actions).to.have.length.within(1, 3);
      await fitsEverywhere(view);
    });
  }

  it('fits every dialect with three curves over 90 days, and many people with long names [A7, C7]', async () => {
    const { context } = await createBench();
    const types = ['tool_call_executed', 'access_denied', 'error_occurred'];
    const items = Array.from({ length: 3_000 }, (_, n) => ({
      at: NOON - (n % 90) * DAY - 1,
      type: types[n % 3] ?? '',
      outcome: 'done',
      person: `${'somebody-with-a-long-name-'.repeat(3)}${n % 200}@example.com`,
      tool: `tool_${n % 40}`,
    }));
    const records = { ...context.records, events: async () => ({ items, since: NOON - 30 * DAY }) };

    const { output, view } = await run(
      getReport,
      { report: 'operations', time_window: '90d' },
      { ...context, records },
    );

    const { series, limits, tables } = reportOf(output);
    expect(series.map(({ points }) => points.length)).to.deep.equal([91, 91, 91]);
    expect(limits).to.deep.equal([
      'Counted the newest 3,000 audit records, from 2026-10-21 12:00:00 UTC on; ask for a shorter time.',
    ]);
    expect(tables.map(({ rows, left_out }) => [rows.length, left_out])).to.deep.equal([
      [40, 0],
      [100, 100],
    ]);
    await fitsEverywhere(view);
  });

  it('shows 25 rows of a table on a card, and 100 to programs, and says how many there are [A7]', async () => {
    const { aws } = manyUsers(150);
    const { context } = await createBench({ aws });

    const { output, view } = await run(getReport, { report: 'keys' }, context);

    const [table] = reportOf(output).tables;
    expect([table?.rows.length, table?.left_out]).to.deep.equal([100, 49]);
    expect(view).to.have.nested.property('sections[1].heading', 'Access keys, oldest first (25 of 149)');
    await fitsEverywhere(view);
  });

  it('reads the first 200 IAM users, passes over one that is gone, and says that there are more [A7, T11]', async () => {
    const { aws, asked } = manyUsers(1_000);
    const { context } = await createBench({ aws });

    const { output } = await run(getReport, { report: 'keys' }, context);

    expect(asked).to.have.length(200);
    expect(reportOf(output).limits.join(' ')).to.match(/Only the first 200 IAM users were read/);
    expect(reportOf(output).tables[0]?.rows.map(([user]) => user)).to.not.include('user-1');
  });

  it('shows no more of an access key than its last four characters [A7, A5]', async () => {
    const { context } = await createBench();

    const { output, view } = await run(getReport, { report: 'keys' }, context);

    expect(JSON.stringify([output, view])).to.not.match(/AKIA/);
    expect(reportOf(output).tables[0]?.rows[0]?.[1]).to.match(/^…[0-9A-F]{4}$/);
  });

  it('flags keys by age and use: rotate what is used, delete what is not [A7]', async () => {
    const cases = [
      [{ ageDays: 91, usedDays: 2 }, 'older than 90 days: rotate it'],
      [{ ageDays: 91 }, 'not used for 91 days: delete it'],
      [{ ageDays: 400, usedDays: 200 }, 'not used for 200 days: delete it'],
      [{ ageDays: 90 }, 'in order'],
    ] as const;
    for (const [key, advice] of cases) {
      const { context } = await createBench(manyUsers(1, key));

      const { output } = await run(getReport, { report: 'keys' }, context);

      expect(reportOf(output).tables[0]?.rows[0]?.[4], JSON.stringify(key)).to.have.property('text', advice);
    }
  });

  it('says AWS’s own refusal where the role may not read IAM [A7, T11]', async () => {
    const denied = new OpsError('aws_access_denied', 'iam:ListUsers is not allowed', { hint: 'Allow it.' });
    const aws = handMadeAws({ iam: { listUsers: () => Promise.reject(denied) } });
    const { context } = await createBench({ aws });

    expect(await failureOf(run(getReport, { report: 'keys' }, context))).to.include({ code: 'aws_access_denied' });
  });

  it('counts as unmanaged what lacks a tag, and leaves out what is gone [A7, G1]', async () => {
    const instance = (id: string, state: string, tags: Record<string, string>) => ({
      InstanceId: id,
      State: { Name: state as 'running' },
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
    const Instances = [
      instance('i-0000000000000000a', 'running', { OpsAgentManaged: 'true', Environment: 'staging', Name: 'good' }),
      instance('i-0000000000000000b', 'running', {
        OpsAgentManaged: 'yes',
        Environment: 'staging',
        Name: '\u202Eevil',
      }),
      instance('i-0000000000000000c', 'running', { OpsAgentManaged: 'true', Environment: '  ', Name: 'nowhere' }),
      instance('i-0000000000000000d', 'terminated', {}),
    ];
    const aws = handMadeAws({
      ec2: { describeInstances: async () => ({ Reservations: [{ Instances }] }) },
      ecs: { listClusters: async () => ({ clusterArns: [] }) },
    });
    const { context } = await createBench({ aws });

    const { output } = await run(getReport, { report: 'tags' }, context);

    const { figures, tables, limits } = reportOf(output);
    expect(figures.map(({ label, value }) => [label, value])).to.deep.equal([
      ['Looked at', 3],
      ['May be changed', 2],
      ['May not be changed', 1],
      ['Not managed', 0],
      ['No Environment', 1],
    ]);
    expect(tables[0]?.rows.map(([name]) => name)).to.deep.equal([
      'evil i-0000000000000000b',
      'nowhere i-0000000000000000c',
    ]);
    expect(limits).to.include('Without an Environment tag it counts as production.');
  });

  it('says that nothing happened instead of showing empty tables and flat curves [A7]', async () => {
    const { context } = await createBench();

    const { output, view } = await run(getReport, { report: 'operations', time_window: 'yesterday' }, context);

    expect(reportOf(output)).to.deep.include({ window: 'yesterday (UTC)', series: [] });
    expect(view).to.have.property('note', 'Nothing was asked for in this time.');
    expect(view).to.have.property('sections').with.length(1);
  });

  it('takes no other report and no window it cannot count over [A7, T10]', async () => {
    expect(refusals(getReport, { report: 'salaries' })[0]).to.match(/^report: one of access, operations/);
    expect(refusals(getReport, { report: 'keys', time_window: 'banana' })[0]).to.match(
      /^time_window: not a time window/,
    );
    const { context } = await createBench();
    expect(await failureOf(run(getReport, { report: 'access', time_window: '400d' }, context))).to.include({
      code: 'input_invalid',
    });
  });
});

async function fitsEverywhere(view: View): Promise<void> {
  const text = renderText(view, { width: 100, color: false });
  const blocks = renderBlockKit(view, { charts: 'native', consoleUrl: 'https://ops.example.com' });
  const card = await renderAdaptive(view, 'chat', 'teams');

  expect(text).to.include(view.title);
  expect(brokenLimits(blocks)).to.deep.equal([]);
  expect(Buffer.byteLength(JSON.stringify(card))).to.be.below(28_000);
}
