import { expect } from 'chai';
import { listLoadBalancers } from '../../../tools/elbv2/list-load-balancers.ts';
import { createBench, handMadeAws, run } from '../bench.ts';

describe('list_load_balancers', () => {
  it('lists ARNs that can be pasted, with the target groups behind each [T9]', async () => {
    const { context } = await createBench();

    const { output, view } = await run(listLoadBalancers, { name: 'store' }, context);

    const [balancer, ...others] = output.load_balancers as {
      name: string;
      arn: string;
      target_groups: { name: string }[];
    }[];
    expect(others).to.deep.equal([]);
    expect(balancer?.target_groups.map(({ name }) => name)).to.deep.equal(['checkout', 'catalog', 'search']);
    expect(view.kind === 'table' && view.rows[0]?.at(-1)).to.equal(balancer?.arn);
    expect(view.actions).to.deep.equal([
      { kind: 'say', label: 'Health of storefront', text: `alb health ${balancer?.arn}` },
    ]);
  });

  it('says what was searched when there is nothing, and when not all are shown [T9, T11]', async () => {
    const { context } = await createBench();

    const none = await run(listLoadBalancers, { name: 'nothing' }, context);
    const some = await run(listLoadBalancers, { max_results: 1 }, context);

    expect(none.view).to.include({ empty: 'No load balancers in eu-west-1 whose name contains nothing.' });
    expect(some.output).to.include({ more: true });
  });

  it('reads five pages at most [T9, T11]', async () => {
    const { context } = await createBench();
    let pages = 0;
    const describeLoadBalancers = async () => ({
      LoadBalancers: [{ LoadBalancerName: `lb-${pages++}` }],
      NextMarker: `m${pages}`,
    });
    const aws = handMadeAws({ elbv2: { describeLoadBalancers, describeTargetGroups: async () => ({}) } });

    const { output } = await run(listLoadBalancers, {}, { ...context, aws });

    expect(pages).to.equal(5);
    expect(output).to.include({ more: true });
  });
});
