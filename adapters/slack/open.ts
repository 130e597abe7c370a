import type { Channel, Lobby, OnTurn } from '../../bot/channel.ts';
import type { Turn } from '../../bot/turn.ts';
import { reveal } from '../../lib/secret.ts';
import { createBotTokenWorkspace } from './bot-token.ts';
import { createDialogs } from './dialogs.ts';
import { createHome } from './home.ts';
import { type Place, placeOf } from './ids.ts';
import type { Installer } from './install-doors.ts';
import { createInstallations } from './installations.ts';
import { createInward } from './inward.ts';
import type { SlackOptions } from './options.ts';
import { createOutward, workspaceAt } from './outward.ts';
import { createPosting } from './posting.ts';
import { readProfile } from './profile.ts';
import { createProgressLine, type ProgressLine } from './progress-line.ts';
import { progressSurface, type Standing } from './progress-surface.ts';
import { createTake, type Take } from './receive.ts';
import { createScenes } from './scenes.ts';
import { createSlackApi, type SlackApi } from './web-api.ts';
import type { Workspaces } from './workspaces.ts';

/** A Slack that is started. */
export interface Open extends Pick<Channel, 'post' | 'update' | 'whisper' | 'progress' | 'stop'> {
  profile: NonNullable<Channel['profile']>;
  take: Take;
  installer?: Installer;
}

/**
 * Loads Bolt, asks Slack whose tokens these are, and connects the socket where there is one.
 *
 * @throws OpsError `config_invalid` when Slack does not take a token
 */
export async function open(options: SlackOptions, onTurn: OnTurn, lobby: Lobby): Promise<Open> {
  const { apiUrl, clock, log, consoleUrl, appToken, hears = true, incidentCommand } = options;
  const { createBolt } = await import('./bolt-app.ts');
  const bolt = createBolt({ apiUrl, log });
  const api = createSlackApi(bolt.client, clock);
  const { workspaces, installer } = await organisations(options, api);
  const posting = createPosting(api, { consoleUrl, log });
  const scenes = createScenes(onTurn, log);
  const outward = createOutward({ workspaces, posting, scenes });
  const home = createHome({ lobby, api, log, consoleUrl });
  const dialogs = createDialogs({ api, log, whisper: outward.whisper });
  const play = (turn: Turn) => scenes.play(turn, progressOf(turn, options, api, workspaces));
  const inward = createInward({ api, log, workspaces, home, dialogs, play, incidentCommand });
  const take = createTake({ bolt, workspaces, inward, clock, log });
  await workspaces.start();
  const socket = appToken && hears && (await import('./socket-mode.ts')).openSocket;
  const connection = socket ? await socket({ appToken, apiUrl, take, clock, log }) : undefined;
  return {
    ...outward,
    progress: (to, text) => scenes.current(to)?.line.say(text),
    profile: (userId) => readProfile(userId, workspaces, api, homeOf(options)),
    take,
    installer,
    // Answers of turns under way are still posted; kept connections that nobody uses do not hold the process.
    stop: async () => connection?.stop(),
  };
}

/** Of several workspaces the first one named. */
const homeOf = ({ tokens }: SlackOptions): string | undefined =>
  tokens.kind === 'oauth' ? tokens.workspaces[0] : undefined;

async function organisations(
  { tokens, signingSecret = '', apiUrl, store, clock, log }: SlackOptions,
  api: SlackApi,
): Promise<{ workspaces: Workspaces; installer?: Installer }> {
  if (tokens.kind === 'bot-token') return { workspaces: createBotTokenWorkspace(tokens, api, log) };
  const installations = createInstallations(store, clock, tokens.workspaces);
  const { createInstaller } = await import('./installer.ts');
  const installer = createInstaller({
    tokens,
    signingSecret: reveal(signingSecret),
    installations,
    api,
    apiUrl,
    log,
  });
  return { workspaces: installations, installer };
}

/** Where the turn is answered; it says nothing before there is something to say. */
function progressOf(
  { conversation }: Turn,
  { clock, log }: SlackOptions,
  api: SlackApi,
  workspaces: Workspaces,
): ProgressLine<Standing> {
  const place: Place = placeOf(conversation.id) ?? { org: '', channel: '' };
  return createProgressLine(
    progressSurface(api, place, () => workspaceAt(workspaces, place)),
    clock,
    log,
  );
}
