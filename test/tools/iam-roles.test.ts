import { expect } from 'chai';
import type { PolicyDocument } from '../../tools/aws/session-policy.ts';
import { isWriteAction, writeActions } from '../../tools/aws/write-actions.ts';
import { catalog } from '../../tools/catalog.ts';
import { readRole, writeRole } from '../../tools/iam-roles.ts';

const ROLES = { writeRoleArn: 'arn:aws:iam::123456789012:role/OpsAgentWrite', environment: 'staging' };

const actionsOf = ({ Statement }: PolicyDocument, effect: 'Allow' | 'Deny') =>
  Statement.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => Action);

describe('the two roles', () => {
  it('together allow what the tools name, the read role no write and the write role no read [G1]', () => {
    const named = [...new Set(catalog.flatMap(({ iam }) => iam))];

    const reads = actionsOf(readRole(catalog, ROLES), 'Allow').filter((action) => !action.startsWith('sts:'));
    const writes = actionsOf(writeRole(catalog, ROLES), 'Allow');

    expect([...reads, ...writes]).to.have.members(named);
    expect(reads.filter(isWriteAction)).to.deep.equal([]);
    expect(writes).to.have.members(writeActions);
  });

  it('lead from reads to the one write role, and nowhere else [G1]', () => {
    const [session] = readRole(catalog, ROLES).Statement.filter(({ Sid }) => Sid === 'AssumeWriteRole');
    const without = readRole(catalog, { ...ROLES, writeRoleArn: undefined });

    expect(session).to.deep.include({ Resource: ROLES.writeRoleArn });
    expect(actionsOf(without, 'Allow').join()).to.not.include('sts:');
    expect(actionsOf(writeRole(catalog, ROLES), 'Deny')).to.include('sts:AssumeRole*');
  });

  it('change tagged resources of the one account only, and never a tag [G1]', () => {
    const { Statement } = writeRole(catalog, ROLES);

    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
    const tags = { 'aws:ResourceTag/OpsAgentManaged': 'true', 'aws:ResourceTag/Environment': 'staging' };
    for (const { Condition, Resource } of allowed) {
      expect(Condition).to.deep.equal({ StringEquals: tags });
      expect(Resource).to.match(/^arn:aws:\w+:\*:123456789012:\w+\/\*$/);
    }
    for (const [tag, value] of Object.entries(tags))
      for (const Condition of [{ Null: { [tag]: 'true' } }, { StringNotEquals: { [tag]: value } }])
        expect(Statement).to.deep.include({
          Sid: `${'Null' in Condition ? 'DenyWithout' : 'DenyOther'}${tag.slice(tag.indexOf('/') + 1)}`,
          Effect: 'Deny',
          Action: [...writeActions],
          Resource: '*',
          Condition,
        });
    for (const role of [writeRole(catalog, ROLES), readRole(catalog, ROLES)])
      expect(actionsOf(role, 'Deny')).to.include.members(['ec2:CreateTags', 'ecs:TagResource', 'tag:TagResources']);
  });

  it('ask for the Environment tag only where ENVIRONMENT is set [G1]', () => {
    const open = writeRole(catalog, { writeRoleArn: undefined, environment: undefined });

    expect(JSON.stringify(open)).to.not.include('Environment');
    expect(open.Statement[0]?.Resource).to.equal('arn:aws:ec2:*:*:instance/*');
  });
});
