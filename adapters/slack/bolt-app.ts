import type { Receiver, webApi } from '@slack/bolt';
// The package's front door takes express and the receivers along, none of which is used: 5 MB and 50 ms of a start.
import bolt from '@slack/bolt/dist/App.js';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { boltLogger } from './bolt-logger.ts';
import { nodeFetch } from './node-fetch.ts';
import { clientOptions } from './web-api.ts';
import type { Workspace } from './workspaces.ts';

/** Bolt, as far as it is used: its application for what was delivered, and its client of the Web API. */
export interface Bolt {
  client: webApi.WebClient;
  /** Has Bolt bring a delivery to `work`; false when Bolt would bring it to nobody. */
  process(body: Readonly<Record<string, unknown>>, by: Workspace, work: () => Promise<void>): Promise<boolean>;
}

interface Parts {
  apiUrl: string;
  log: Log;
}

/** Deliveries are verified before, told to Slack after: Bolt neither listens nor acknowledges. */
const receiver: Receiver = { init() {}, start: async () => {}, stop: async () => {} };
const acknowledge = async (): Promise<void> => {};

interface Delivered {
  by: Workspace;
  work(): Promise<void>;
  reached: boolean;
}

/**
 * One middleware takes every kind: each listener of Bolt looks at every delivery, which cost 10 µs for each of them.
 * `authorize` answers from what is known, without a call.
 */
export function createBolt({ apiUrl, log }: Parts): Bolt {
  const delivered = new WeakMap<object, Delivered>();
  const app = new bolt.default({
    receiver,
    authorize: async (_source, body) => idsOf(body && delivered.get(body)?.by),
    convoStore: false,
    ignoreSelf: false,
    attachFunctionToken: false,
    logger: boltLogger(log),
    clientOptions: { ...clientOptions, slackApiUrl: apiUrl, fetch: nodeFetch },
  });
  app.use(async ({ body }) => {
    const one = delivered.get(body);
    if (!one) return;
    one.reached = true;
    await one.work();
  });
  app.error(async (error) => log.error({ err: asOpsError(error) }, 'Bolt could not bring a delivery'));
  return {
    client: app.client,
    async process(body, by, work) {
      const one: Delivered = { by, work, reached: false };
      delivered.set(body, one);
      // Bolt trips over parts nobody here looks at, such as `response_urls: null`.
      await app.processEvent({ body, ack: acknowledge }).catch((thrown: unknown) => {
        log.warn({ error: asOpsError(thrown).message }, 'Bolt could not read a delivery');
      });
      return one.reached;
    },
  };
}

function idsOf(by: Workspace | undefined) {
  return { botId: by?.botId, botUserId: by?.botUserId, teamId: by?.teamId, enterpriseId: by?.enterpriseId };
}
