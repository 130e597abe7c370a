import { Agent as PlainAgent } from 'node:http';
import { Agent } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isPassing, mapDynamodbError } from './dynamodb-errors.ts';

/** A table, and the one client that talks to it. */
export interface Table {
  name: string;
  client: DynamoDBClient;
}

const mostSockets = 64;
const connectMs = 2000;
/** A request that got no answer for so long is given up and, while there is time, made again. */
export const answerMs = 3000;
const giveUpAfterMs = 10_000;
const mostAttempts = 10;
const firstPauseMs = 20;
const longestPauseMs = 1000;

/** `region`: what the AWS SDK finds when left out. It reads AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL by itself. */
export function connectTable(name: string, region: string | undefined): Table {
  const sockets = { keepAlive: true, maxSockets: mostSockets };
  const client = new DynamoDBClient({
    region,
    // The SDK's own retries would not know that a commit without an answer may have been made.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: connectMs,
      httpAgent: new PlainAgent(sockets),
      httpsAgent: new Agent(sockets),
    },
  });
  return { name, client };
}

/**
 * Asks again while DynamoDB is busy or silent, with pauses that grow and differ, 10 times or 10 s at most.
 *
 * @throws OpsError, mapped
 */
export async function asked<T>({ name }: Table, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const patience = startPatience();
  for (;;) {
    try {
      return await attempt(AbortSignal.timeout(answerMs));
    } catch (thrown) {
      if (!isPassing(thrown) || !(await patience.goOn())) throw mapDynamodbError(thrown, name);
    }
  }
}

export interface Patience {
  /** Waits before the next attempt; false when there is to be none. */
  goOn(): Promise<boolean>;
}

/** Real time is measured here, because the table lives in it. */
export function startPatience(): Patience {
  const giveUpAt = performance.now() + giveUpAfterMs;
  let attempts = 1;
  return {
    async goOn() {
      const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** attempts);
      const ms = Math.random() * longest;
      attempts += 1;
      if (attempts > mostAttempts || performance.now() + ms >= giveUpAt) return false;
      await pause(ms);
      return true;
    },
  };
}
