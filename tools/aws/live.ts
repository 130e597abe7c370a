import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import { OpsError } from '../../lib/errors.ts';
import { regionPattern } from '../params.ts';
import type { Service } from './apis.ts';
import type { AwsProvider, ScopeRequest, WritePermit } from './aws.ts';
import { type ClientSettings, createClient } from './clients.ts';
import { withCorrelation } from './correlation.ts';
import {
  type Access,
  DEFAULT_DEADLINES,
  type Deadlines,
  guard,
  type ObservedCall,
  type Send,
  sendTo,
  type Terms,
} from './guard.ts';
import { createKeep } from './keep.ts';
import { assumeWriteRole, type WriteRole } from './write-session.ts';

export interface LiveOptions {
  mode: 'DRY_RUN' | 'SANDBOX_LIVE';
  defaultRegion: string;
  /** Another server that speaks AWS, for every service; left out, the SDK decides. */
  endpointUrl?: string;
  /** Each change gets a session of this role; left out, changes run with the process's own credentials. */
  writeRole?: WriteRole;
  deadlines?: Deadlines;
  onCall?: (call: ObservedCall) => void;
}

export interface LiveAws extends AwsProvider {
  /** Loads the SDK and connects in the background, so that the first question does not wait for it. Never rejects. */
  warm(): Promise<void>;
}

/** A client of the service, whatever its credentials. */
type ClientOf = (service: Service) => Promise<object>;

/**
 * AWS itself, with whatever credentials the SDK finds. Clients are made when first needed and kept, apart for reads
 * (three attempts) and writes (one attempt, so that nothing is ever sent twice). With a write role, the clients that write
 * are made for one change and go with it; reads never have its credentials.
 */
export function createLiveAws(options: LiveOptions): LiveAws {
  const { mode, defaultRegion, endpointUrl, writeRole, deadlines = DEFAULT_DEADLINES, onCall } = options;
  const clients = createKeep<object>();
  const accounts = createKeep<{ id: string }>();

  function clientFor(service: Service, region: string, access: Access): Promise<object> {
    const settings: ClientSettings = { region, endpointUrl, access };
    return clients(`${service}/${region}/${access}`, () => createClient(service, settings));
  }

  const sender =
    (service: Service, region: string, correlationId: string, writer?: ClientOf): Send =>
    async (call) => {
      const client = await (call.access === 'write' && writer
        ? writer(service)
        : clientFor(service, region, call.access));
      return requireRequestId(await withCorrelation(correlationId, () => sendTo(client)(call)));
    };

  function whoAmI(): Promise<{ id: string }> {
    const terms = { region: defaultRegion, mode, signal: new AbortController().signal, deadlines, onCall };
    return accounts('own', () => readAccount(guard('sts', sender('sts', defaultRegion, 'start'), terms)));
  }

  /** Before anything of the change is sent: a role that cannot be assumed ends it as surely not done. */
  async function openWriter(permit: WritePermit, correlationId: string, account: string, terms: Terms) {
    if (!writeRole) return undefined;
    const send = sender('sts', defaultRegion, correlationId);
    const credentials = await assumeWriteRole(writeRole, { permit, correlationId, send, account }, terms);
    const settings: ClientSettings = { region: terms.region, endpointUrl, access: 'write', credentials };
    const own = createKeep<object>();
    return (service: Service) => own(service, () => createClient(service, settings));
  }

  return {
    async open({ region = defaultRegion, correlationId, signal, permit }: ScopeRequest) {
      if (!regionPattern.test(region)) throw unknownRegion(region);
      const terms = { region, mode, signal, permit, deadlines, onCall };
      const account = await whoAmI();
      const writer = permit && (await openWriter(permit, correlationId, account.id, terms));
      return {
        account,
        region,
        mode,
        async client<S extends Service>(service: S) {
          return guard(service, sender(service, region, correlationId, writer), terms);
        },
      };
    },

    async warm() {
      const services: Service[] = ['sts', 'ec2', 'cloudwatch', 'ecs', 'elbv2', 'cloudtrail'];
      await Promise.allSettled(services.map((service) => clientFor(service, defaultRegion, 'read')));
      await whoAmI().catch(() => undefined);
    },
  };
}

async function readAccount(sts: Awaited<ReturnType<typeof guard<'sts'>>>): Promise<{ id: string }> {
  const { Account } = await sts.getCallerIdentity({});
  if (Account !== undefined) return { id: Account };
  throw new OpsError('aws_error', 'sts:GetCallerIdentity named no account.', {
    hint: 'Check AWS_ENDPOINT_URL: it may not lead to AWS.',
  });
}

/**
 * The SDK takes an empty page with status 200 for a success without content, and a proxy's sign-in page too.
 * AWS itself always says a request id.
 */
function requireRequestId(output: unknown): unknown {
  if (Answer.safeParse(output).success) return output;
  const { data } = Status.safeParse(output);
  throw Object.assign(new Error('The answer has no request id'), { name: 'MalformedAnswer', ...data });
}

const Answer = z.object({ $metadata: z.object({ requestId: z.string().min(1) }) });
const Status = z.object({ $metadata: z.object({ httpStatusCode: z.number().optional() }) });

function unknownRegion(region: string): OpsError {
  return new OpsError('input_invalid', `'${cleanText(region, 40)}' is not a Region.`, {
    hint: 'A Region looks like eu-west-1.',
  });
}
