import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ResourceInUseException,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Finding } from './admin.ts';
import { asked, type Table } from './dynamodb-client.ts';
import { isUnknownOperation, mapDynamodbError } from './dynamodb-errors.ts';

/** In seconds: DynamoDB makes an empty table in less than one minute. */
const longestCreation = 120;

const keys = [
  { AttributeName: 'pk', KeyType: 'HASH' as const },
  { AttributeName: 'sk', KeyType: 'RANGE' as const },
];

/** A table that costs what is used, cannot be deleted by a slip, and can be taken back to any second of the last 35 days. */
export async function makeTable(table: Table): Promise<Finding> {
  const { name, client } = table;
  try {
    const command = new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys,
      AttributeDefinitions: keys.map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' })),
      DeletionProtectionEnabled: true,
    });
    await client.send(command);
  } catch (thrown) {
    if (thrown instanceof ResourceInUseException) return { ok: true, said: `the table ${name} was there already` };
    throw mapDynamodbError(thrown, name);
  }
  await waitUntilTableExists({ client, maxWaitTime: longestCreation, minDelay: 1, maxDelay: 5 }, { TableName: name });
  return { ok: true, said: `the table ${name} was made` };
}

export async function keysAndProtection(table: Table): Promise<Finding[]> {
  const command = new DescribeTableCommand({ TableName: table.name });
  const { Table: found } = await asked(table, (abortSignal) => table.client.send(command, { abortSignal }));
  const ours = JSON.stringify(keysOf(found)) === JSON.stringify(keysOf({ KeySchema: keys }));
  return [
    {
      ok: ours,
      said: ours
        ? 'the keys are pk and sk'
        : 'the keys are not pk and sk: this is another program’s table, name one of its own',
    },
    protection(found),
  ];
}

function protection({ DeletionProtectionEnabled: on = false, TableArn: arn = '' }: TableDescription = {}): Finding {
  if (arn.includes(':ddblocal:')) return { ok: true, said: 'deletion protection is not to be had from DynamoDB Local' };
  return { ok: on, said: `deletion protection is ${on ? 'on' : 'off'}` };
}

const keysOf = ({ KeySchema = [] }: TableDescription = {}) => KeySchema.map(({ AttributeName }) => AttributeName);

/** Clean-up only; nothing is decided by it. */
export async function timeToLive(table: Table): Promise<Finding> {
  const command = new DescribeTimeToLiveCommand({ TableName: table.name });
  const { TimeToLiveDescription: found } = await asked(table, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  const on = ['ENABLED', 'ENABLING'].includes(found?.TimeToLiveStatus ?? '') && found?.AttributeName === 'expires_at';
  return { ok: on, said: `clean-up by expires_at (TTL) is ${on ? 'on' : 'off'}` };
}

export async function turnOnTimeToLive(table: Table): Promise<void> {
  const command = new UpdateTimeToLiveCommand({
    TableName: table.name,
    TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
  });
  await asked(table, (abortSignal) => table.client.send(command, { abortSignal }));
}

export async function pointInTime(table: Table): Promise<Finding> {
  const command = new DescribeContinuousBackupsCommand({ TableName: table.name });
  const answer = await asked(table, (abortSignal) =>
    table.client.send(command, { abortSignal }).catch((thrown: unknown) => {
      if (isUnknownOperation(thrown)) return undefined;
      throw thrown;
    }),
  );
  if (answer === undefined)
    return { ok: true, said: 'recovery to a point in time is not to be had from DynamoDB Local' };
  const found = answer.ContinuousBackupsDescription;
  const on = found?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
  return { ok: on, said: `recovery to a point in time is ${on ? 'on' : 'off'}` };
}

export async function turnOnPointInTime(table: Table): Promise<void> {
  const command = new UpdateContinuousBackupsCommand({
    TableName: table.name,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await asked(table, (abortSignal) => table.client.send(command, { abortSignal }));
}
