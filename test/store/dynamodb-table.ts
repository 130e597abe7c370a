import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createDynamodbStore } from '../../store/dynamodb.ts';
import { openDynamodbAdmin } from '../../store/dynamodb-admin.ts';
import type { Store } from '../../store/store.ts';
import { type Moto, moto } from '../peers/peers.ts';

export const region = 'eu-west-1';

export interface Tables {
  /** Makes an empty table and gives its name. */
  make(): Promise<string>;
  open(table: string, clock: Clock): Promise<Store>;
  /** Where every request goes from now on; the simulated AWS itself when left out. */
  through(url?: string): void;
  aws(): Moto;
}

/** DynamoDB tables in a simulated AWS for the suite that calls this; the SDK is led there by its own environment. */
export function dynamodbTables(): Tables {
  let aws: Moto;
  before(async function () {
    aws = await moto(this);
    process.env.AWS_ENDPOINT_URL_DYNAMODB = aws.url;
  });
  after(async () => {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    await aws?.stop();
  });

  return {
    async make() {
      const table = `ops-${randomUUID()}`;
      const admin = openDynamodbAdmin(table, region);
      await admin.create();
      await admin.close();
      return table;
    },
    open: (table, clock) => createDynamodbStore({ table, region, clock, log: silentLog }),
    through(url = aws.url) {
      process.env.AWS_ENDPOINT_URL_DYNAMODB = url;
    },
    aws: () => aws,
  };
}
