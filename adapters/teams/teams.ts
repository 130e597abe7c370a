import type { IncomingMessage } from 'node:http';
import type { Channel } from '../../bot/channel.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Door } from '../http/door.ts';
import type { Reply } from '../http/reply.ts';
import { createAuthenticate } from './authenticate.ts';
import { loadVendor } from './botbuilder.ts';
import { type Connector, createConnector } from './connector.ts';
import { createTeamsDirectory, isChannelId } from './directory.ts';
import { createHandle } from './handle.ts';
import { createInvokes, type Invokes } from './invoke.ts';
import { assertUsable, botFramework, type TeamsOptions } from './options.ts';
import { channelName, type Started } from './parts.ts';
import { createPosting, type Posting } from './posting.ts';
import { createProfiles } from './profile.ts';
import { createProgress } from './progress.ts';
import { createReceive } from './receive.ts';
import { createMaySendTo } from './service-url.ts';
import { createSigningKeys } from './signing-keys.ts';
import { createTransport, deliveryFailed } from './transport.ts';

export type { TeamsOptions } from './options.ts';

export interface Teams extends Channel {
  /** `POST /api/messages`, where the Bot Framework calls. */
  readonly doors: readonly Door[];
}

/** What there is once the channel is started. */
interface Running {
  posting: Posting;
  invokes: Invokes;
  connector: Connector;
  answer(request: IncomingMessage): Promise<Reply>;
}

/**
 * Microsoft Teams: personal, group and channel conversations. Answers a request when its turn is heard, and everything that
 * is said goes out by itself on the stored conversation. `start` refuses a set-up that would let anybody in (`config_invalid`).
 */
export function createTeams(options: TeamsOptions): Teams {
  const { clock, log, store } = options;
  const directory = createTeamsDirectory(store, log);
  let running: Running | undefined;
  let stopping = false;

  const now = (): Running => {
    if (running) return running;
    throw deliveryFailed('Teams is not started yet', { retryable: true });
  };
  const connector = () => now().connector;
  const placeOf = async (conversation: string) => {
    const place = await directory.place(conversation, options.tenants);
    return place && { ...place, conversation };
  };
  const progress = createProgress(clock, log, connector, placeOf);
  const profiles = createProfiles(directory, connector, clock, options.tenants[0]);

  async function answer(request: IncomingMessage): Promise<Reply> {
    if (!running || stopping) return { status: 503, body: '', headers: { connection: 'close' } };
    try {
      return await running.answer(request);
    } catch (error) {
      log.error({ error: asOpsError(error) }, 'a request of Teams failed');
      return { status: 500, body: '' };
    }
  }

  return {
    name: channelName,
    doors: [{ method: 'POST', path: '/api/messages', answer }],
    async start(onTurn, lobby) {
      assertUsable(options);
      running = await run(options, { onTurn, lobby, directory, progress });
    },
    post: (to, view) => now().posting.post(to, view),
    update: (message, view) => now().posting.update(message, view),
    async whisper(to, userId, view) {
      if (!now().invokes.take(to, userId, view)) await now().posting.privately(to, userId, view);
    },
    progress: (to, text) => progress.say(to.id, text),
    profile: profiles,
    thread({ conversation, message }) {
      const id = isChannelId(conversation) ? `${conversation};messageid=${message}` : conversation;
      return { channel: channelName, id };
    },
    async stop() {
      stopping = true;
    },
  };
}

type Ready = Pick<Started, 'onTurn' | 'lobby' | 'directory' | 'progress'>;

async function run(options: TeamsOptions, ready: Ready): Promise<Running> {
  const { credentials, openId = botFramework, clock, log } = options;
  const maySendTo = createMaySendTo(options);
  const keys = createSigningKeys(openId.metadataUrl, clock, log);
  const vendor = await loadVendor(options, keys);
  const connector = createConnector(vendor, createTransport(maySendTo), maySendTo, clock);
  const unchecked = credentials === 'unauthenticated-loopback';
  const authenticate = unchecked ? async () => undefined : createAuthenticate(options, credentials, vendor, keys);
  const receive = createReceive(options, maySendTo, authenticate);

  const auth = unchecked ? ('loopback' as const) : ('token' as const);
  const started: Started = { options, ...ready, connector, auth };
  const posting = createPosting(started);
  const invokes = createInvokes(started);
  const handle = createHandle(started, invokes, posting);
  return {
    ...{ posting, invokes, connector },
    async answer(request) {
      const received = await receive(request);
      return 'refused' in received ? received.refused : handle(received.activity);
    },
  };
}
