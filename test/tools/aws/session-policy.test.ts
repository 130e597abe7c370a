import { expect } from 'chai';
import fc from 'fast-check';
import type { Grant } from '../../../tools/aws/aws.ts';
import { MOST_POLICY_CHARACTERS, sessionPolicy } from '../../../tools/aws/session-policy.ts';
import { isWriteAction, type WriteAction, writeActions } from '../../../tools/aws/write-actions.ts';
import { catalog } from '../../../tools/catalog.ts';

const ARNS: Readonly<Record<WriteAction, (name: string) => string>> = {
  'ec2:RebootInstances': (name) => `arn:aws:ec2:eu-west-1:111122223333:instance/${name}`,
  'ecs:UpdateService': (name) => `arn:aws:ecs:eu-west-1:111122223333:service/main/${name}`,
};
const [INSTANCE = ''] = [ARNS['ec2:RebootInstances']('i-0bad5eed2c0ffee02')];

function grant(overrides: Partial<Grant> = {}): Grant {
  return {
    actions: ['ec2:DescribeInstances', 'ec2:RebootInstances'],
    targets: [INSTANCE],
    approver: 'bob@example.com',
    environment: undefined,
    ...overrides,
  };
}

interface Read {
  Statement: {
    Effect: string;
    Action: string[];
    Resource: string[];
    Condition: { StringEquals: Record<string, string> };
  }[];
}
const read = (text: string): Read => JSON.parse(text);

/** What a policy says of a text: each `${$}` is a dollar sign, and no other variable is left. */
function meant(value: string): string {
  if (value.replaceAll('${$}', '').includes('$')) throw new Error(`a variable is left in ${value}`);
  return value.replaceAll('${$}', '$');
}

const name = fc.stringMatching(/^[\w-]{1,60}$/);

describe('the session policy of a change', () => {
  it('is, to the letter, one action on one resource while it is tagged [G1]', () => {
    const text = sessionPolicy(grant({ environment: 'staging' }));

    expect(JSON.parse(text)).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['ec2:RebootInstances'],
          Resource: [INSTANCE],
          Condition: {
            StringEquals: {
              'aws:ResourceTag/OpsAgentManaged': 'true',
              'aws:ResourceTag/Environment': 'staging',
            },
          },
        },
      ],
    });
  });

  for (const tool of catalog.filter(({ effect }) => effect === 'write')) {
    it(`of ${tool.name} allows its writes alone, on the planned targets alone, never a wildcard [G1, G10]`, () => {
      const writes = tool.iam.filter(isWriteAction);
      const targets = fc.uniqueArray(
        fc.tuple(fc.constantFrom(...writes), name).map(([action, one]) => ARNS[action](one)),
        { minLength: 1, maxLength: 8 },
      );
      fc.assert(
        fc.property(
          targets,
          fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })),
          (arns, environment) => {
            const text = sessionPolicy(
              grant({ actions: tool.iam, targets: arns, environment: environment ?? undefined }),
            );

            const { Statement } = read(text);
            const conditions = Statement.map(({ Condition: { StringEquals } }) => StringEquals);
            expect(Statement.flatMap(({ Action }) => Action)).to.deep.equal([...new Set(writes)]);
            expect(Statement.flatMap(({ Resource }) => Resource)).to.have.members(arns);
            expect(Statement.flatMap(({ Resource }) => Resource).join()).to.not.match(/[*?$]/);
            for (const tags of conditions) {
              expect(tags['aws:ResourceTag/OpsAgentManaged']).to.equal('true');
              if (environment !== null) expect(meant(tags['aws:ResourceTag/Environment'] ?? '')).to.equal(environment);
            }
            expect(text.length).to.be.at.most(MOST_POLICY_CHARACTERS);
            expect(text).to.match(/^[\x20-\x7e]+$/);
          },
        ),
      );
    });
  }

  it('is refused for whatever is no plain ARN of a resource that the tool changes [G1]', () => {
    const plain = /^arn:aws[a-z-]*:ec2:[a-z0-9-]+:\d{12}:instance\/[\w-]+(\/[\w-]+)?$/;
    const near = fc
      .tuple(fc.nat(INSTANCE.length), fc.nat(3), fc.string({ unit: 'binary', maxLength: 4 }))
      .map(([at, cut, put]) => INSTANCE.slice(0, at) + put + INSTANCE.slice(at + cut));
    const hostile = fc.oneof(
      near,
      fc.string(),
      fc.constantFrom(
        '*',
        'arn:aws:ec2:*:*:instance/*',
        'arn:aws:ec2:eu-west-1:111122223333:instance/i-*',
        'arn:aws:ec2:eu-west-1:111122223333:instance/${aws:username}',
        'arn:aws:ec2:eu-west-1:111122223333:volume/vol-1',
        ARNS['ecs:UpdateService']('cart'),
        `${INSTANCE}\n`,
      ),
    );
    fc.assert(
      fc.property(
        hostile.filter((arn) => !plain.test(arn)),
        (arn) => {
          for (const targets of [[arn], [INSTANCE, arn]])
            expect(() => sessionPolicy(grant({ targets }))).to.throw(/was not asked for/);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is refused when there is nothing to grant, or more than a policy holds [G1]', () => {
    const many = Array.from({ length: 40 }, (_, n) =>
      ARNS['ec2:RebootInstances'](`i-${n.toString(16).padStart(17, '0')}`),
    );

    const nothing = [grant({ targets: [] }), grant({ actions: ['ec2:DescribeInstances'], targets: [] })];

    for (const empty of nothing) expect(() => sessionPolicy(empty)).to.throw('it names no resource');
    expect(() => sessionPolicy(grant({ actions: ['ec2:*'] }))).to.throw('nothing it may change');
    expect(() => sessionPolicy(grant({ targets: many }))).to.throw('40 targets are more than one session holds');
  });

  it('knows how the resources of every write are called', () => {
    for (const action of writeActions) {
      const targets = [ARNS[action]('one')];

      expect(read(sessionPolicy(grant({ actions: [action], targets }))).Statement[0]?.Resource).to.deep.equal(targets);
    }
  });
});
