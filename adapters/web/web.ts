import type { Channel, MessageRef } from '../../bot/channel.ts';
import type { Conversation } from '../../bot/turn.ts';
import type { View } from '../../cards/view.ts';
import type { Stored } from '../../store/store.ts';
import { createPlace } from '../http/place.ts';
import { createHttpServer } from '../http/server.ts';
import { browserMessage } from './browser-message.ts';
import { consoleRoutes } from './console-routes.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { directConversation, isDirect } from './conversations.ts';
import { createMessages, type WebMessage, withoutToken } from './messages.ts';
import { monitoringRoutes } from './monitoring-routes.ts';
import type { WebOptions } from './options.ts';
import { reportRoutes } from './report-routes.ts';
import { createRespond } from './respond.ts';
import type { Route } from './route.ts';
import { shareMessages } from './shared-messages.ts';
import { openSignIn } from './sign-in/open-sign-in.ts';
import { createStreams } from './sse.ts';
import { type OwnSession, switchedPeople } from './who.ts';

export interface Web extends Channel {
  /** 'http://127.0.0.1:3978' while listening. */
  address(): string;
  /** Something about approvals changed: every open console reads its lists again. */
  notifyApprovals(): void;
}

const name = 'web';

/**
 * The web console's door: its JSON calls, its event streams and its static files; beyond loopback only where people sign in.
 * `start` refuses other hosts and ports that are taken (`config_invalid`).
 */
export function createWeb(options: WebOptions): Web {
  const { config, store, clock, log, live, data, channels } = options;
  const messages = createMessages(store, clock);
  const streams = createStreams(clock, log);
  const place = createPlace({ publicUrl: config.publicUrl, signIn: options.signIn !== undefined }, () => server.port());
  const signedIn = openSignIn(options, place, streams.endSession);
  const identify = signedIn?.identify ?? switchedPeople(config.mode, data);
  const routes: Route[] = [
    ...monitoringRoutes(options),
    ...consoleRoutes({ config, data, channels, identify, signIn: signedIn !== undefined, clock }),
    ...(signedIn?.routes ?? []),
  ];
  const isLive = async ({ id }: OwnSession) => (await signedIn?.sessions.isLive(id)) ?? false;
  const respond = createRespond({ options, routes, streams, place, identify, isLive });
  const server = createHttpServer(respond, clock, log, {
    listens: signedIn ? 'network' : 'machine',
    https: place.secure,
    frameAncestors: config.frameAncestors,
  });

  async function show(row: Stored<WebMessage>, view = row.value.view): Promise<void> {
    streams.message(row.value.conversation, await browserMessage(row, view), row.value.onlyFor);
    if (view?.kind === 'approval') streams.approvals();
  }
  const shared = shareMessages({ live, messages, streams, show: (row) => show(row) });

  async function push(row: Stored<WebMessage>, view?: View): Promise<void> {
    shared.stored(row);
    await show(row, view);
  }

  async function post(to: Conversation, view: View, onlyFor?: string): Promise<MessageRef> {
    const row = await messages.posted(to.id, view, onlyFor);
    // The token belongs to the asker alone: where others listen, nobody is shown it.
    await push(row, isDirect(to.id) ? view : withoutToken(view));
    return { channel: name, conversation: to.id, message: row.id };
  }

  return {
    name,
    async start(onTurn) {
      routes.push(...conversationRoutes({ channel: name, channels, clock, messages, onTurn, said: push }));
      routes.push(...reportRoutes({ channel: name, clock, onTurn }));
      await server.listen(config.host, config.port);
    },
    post: (to, view) => post(to, view),
    async update({ message }, view) {
      await push(await messages.changed(message, view), withoutToken(view));
    },
    async whisper(to, userId, view) {
      if (isDirect(to.id)) await post({ ...to, id: directConversation(userId) }, view);
      else await post(to, view, userId);
    },
    progress: (to, text) => streams.progress(to.id, text),
    async stop() {
      streams.end();
      await server.close();
    },
    address: () => server.address(),
    notifyApprovals: () => streams.approvals(),
  };
}
