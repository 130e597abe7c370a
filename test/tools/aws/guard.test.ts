import { expect } from 'chai';
import fc from 'fast-check';
import { OpsError } from '../../../lib/errors.ts';
import { OPERATIONS } from '../../../tools/aws/apis.ts';
import { guard, type ObservedCall, type Send, sendTo, type Terms } from '../../../tools/aws/guard.ts';
import { mintPermit } from '../../../tools/aws/permit.ts';

function terms(overrides: Partial<Terms> = {}): Terms {
  return {
    region: 'eu-west-1',
    mode: 'SANDBOX_LIVE',
    signal: new AbortController().signal,
    deadlines: { readMs: 1000, writeMs: 1000 },
    ...overrides,
  };
}

/** A vendor that counts what reaches it and answers with nothing. */
function vendor(): { send: Send; sent: unknown[] } {
  const sent: unknown[] = [];
  return {
    sent,
    send: async ({ input }) => {
      sent.push(input);
      return {};
    },
  };
}

const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Longer than any test may take. */
const LONG = { readMs: 60_000, writeMs: 60_000 };
const InstanceIds = ['i-0bad5eed2c0ffee02'];

describe('the wrapper around AWS', () => {
  it('refuses a write without a permit before anything is sent [T11]', async () => {
    const { send, sent } = vendor();
    const ec2 = guard('ec2', send, terms());

    const error = await thrownBy(ec2.rebootInstances({ InstanceIds }));

    expect(error).to.be.instanceOf(OpsError).and.include({ code: 'write_without_permit' });
    expect(sent).to.deep.equal([]);
  });

  it('refuses every look-alike of a permit', async () => {
    const { send, sent } = vendor();
    const real = mintPermit('chg-1', 3, () => true);
    const copies = [{ ...real }, { changeId: 'chg-1', fence: 3 }, Object.create(real), structuredClone(real)];
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...copies), fc.record({ changeId: fc.string(), fence: fc.nat() })),
        async (permit) => {
          const error = await thrownBy(guard('ec2', send, terms({ permit })).rebootInstances({ InstanceIds }));

          expect(error).to.include({ code: 'write_without_permit' });
        },
      ),
    );
    expect(sent).to.deep.equal([]);
  });

  it('sends a write with a minted permit, once', async () => {
    const { send, sent } = vendor();
    const ecs = guard('ecs', send, terms({ permit: mintPermit('chg-1', 1, () => true) }));

    await ecs.updateService({ cluster: 'main', service: 'cart', desiredCount: 3 });

    expect(sent).to.deep.equal([{ cluster: 'main', service: 'cart', desiredCount: 3 }]);
  });

  it('mints permits that nobody can rewrite', () => {
    expect(mintPermit('chg-1', 1, () => true)).to.deep.equal({ changeId: 'chg-1', fence: 1 }).and.to.be.frozen;
  });

  it('stops every change in DRY_RUN, permit or not, but lets the EC2 probe through', async () => {
    const { send, sent } = vendor();
    const dry = terms({ mode: 'DRY_RUN', permit: mintPermit('chg-1', 1, () => true) });

    const reboot = await thrownBy(guard('ec2', send, dry).rebootInstances({ InstanceIds }));
    const scale = await thrownBy(guard('ecs', send, dry).updateService({ service: 'cart', ...{ DryRun: true } }));
    await guard('ec2', send, dry).rebootInstances({ InstanceIds, DryRun: true });

    expect(reboot).to.include({ code: 'write_without_permit' });
    expect(scale).to.include({ code: 'write_without_permit' });
    expect(sent).to.deep.equal([{ InstanceIds, DryRun: true }]);
  });

  it('has the operations of the table and no others', () => {
    const { send } = vendor();

    for (const service of ['ec2', 'ecs', 'cloudwatch', 'elbv2', 'cloudtrail', 'iam', 'sts'] as const) {
      expect(Object.keys(guard(service, send, terms()))).to.have.members(Object.keys(OPERATIONS[service]));
    }
  });

  it('gives up at the deadline, also when the vendor does not listen [T11]', async () => {
    const deaf: Send = () => new Promise(() => {});
    const ec2 = guard('ec2', deaf, terms({ deadlines: { readMs: 20, writeMs: 20 } }));

    const error = await thrownBy(ec2.describeInstances({}));

    expect(error).to.include({ code: 'aws_timeout' });
  });

  it('tells the vendor to stop when the request is cancelled [T11]', async () => {
    const cancel = new AbortController();
    let told: AbortSignal | undefined;
    const waiting: Send = ({ signal }) => {
      told = signal;
      return new Promise(() => {});
    };

    const call = thrownBy(
      guard('ec2', waiting, terms({ signal: cancel.signal, deadlines: LONG })).describeInstances({}),
    );
    cancel.abort();

    expect(await call).to.include({ code: 'aws_timeout' });
    expect(told?.aborted).to.equal(true);
  });

  it('does not send late what nobody waits for any more [T11]', async () => {
    let called = false;
    const target = {
      rebootInstances: async () => {
        called = true;
      },
    };
    const slowToLoad: Send = async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return sendTo(target)(call);
    };
    const short = terms({ permit: mintPermit('chg-1', 1, () => true), deadlines: { readMs: 10, writeMs: 10 } });

    const error = await thrownBy(guard('ec2', slowToLoad, short).rebootInstances({ InstanceIds }));
    await new Promise((resolve) => setTimeout(resolve, 60));

    expect(error).to.include({ code: 'aws_timeout' });
    expect(called).to.equal(false);
  });

  it('asks again right before the call leaves whether the time of its permit is over [G10]', async () => {
    let inTime = true;
    const left: unknown[] = [];
    const target = { rebootInstances: async (input: unknown) => void left.push(input) };
    const stoodStill: Send = async (call) => {
      inTime = false;
      return sendTo(target)(call);
    };
    const permitted = terms({ permit: mintPermit('chg-1', 1, () => inTime) });

    const error = await thrownBy(guard('ec2', stoodStill, permitted).rebootInstances({ InstanceIds }));

    expect(error).to.be.instanceOf(OpsError).and.to.have.nested.include({
      code: 'write_without_permit',
      'facts.sent': 'no',
    });
    expect(left).to.deep.equal([]);
  });

  it('sends nothing when the request is over already, and says so [T11]', async () => {
    const { send, sent } = vendor();
    const over = terms({ signal: AbortSignal.abort(), permit: mintPermit('chg-1', 1, () => true) });

    const error = await thrownBy(guard('ec2', send, over).rebootInstances({ InstanceIds }));

    expect(error).to.be.instanceOf(OpsError).and.to.have.nested.include({ code: 'aws_timeout', 'facts.sent': 'no' });
    expect(sent).to.deep.equal([]);
  });

  it('reports every call with its outcome and how long it took', async () => {
    const calls: ObservedCall[] = [];
    const failing: Send = async () => {
      throw Object.assign(new Error('slow down'), { name: 'Throttling', $fault: 'client' });
    };
    const onCall = (call: ObservedCall) => void calls.push(call);

    await guard('sts', vendor().send, terms({ onCall })).getCallerIdentity({});
    await thrownBy(guard('ecs', failing, terms({ onCall })).listClusters({}));
    await thrownBy(guard('ec2', failing, terms({ onCall })).rebootInstances({ InstanceIds }));

    expect(calls.map(({ service, operation, outcome }) => [service, operation, outcome])).to.deep.equal([
      ['sts', 'getCallerIdentity', 'ok'],
      ['ecs', 'listClusters', 'aws_throttled'],
      ['ec2', 'rebootInstances', 'write_without_permit'],
    ]);
    expect(calls.every(({ ms }) => ms >= 0)).to.equal(true);
  });

  it('maps an operation the target does not have instead of calling anything', async () => {
    const error = await thrownBy(guard('ec2', sendTo({}), terms()).describeInstances({}));

    expect(error).to.include({ code: 'aws_error' });
  });
});
