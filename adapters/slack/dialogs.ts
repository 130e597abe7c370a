import type { types } from '@slack/bolt';
import type { Channel } from '../../bot/channel.ts';
import type { Speaker } from '../../bot/turn.ts';
import type { MessageView } from '../../cards/view.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { slackCode } from './errors.ts';
import { channelName } from './ids.ts';
import type { SlackApi } from './web-api.ts';
import type { Workspace } from './workspaces.ts';

const TOO_LATE = new Set(['expired_trigger_id', 'trigger_expired', 'trigger_exchanged', 'exchanged_trigger_id']);

interface Parts {
  api: SlackApi;
  log: Log;
  whisper: Channel['whisper'];
}

/** Who pressed what where. */
export interface Asked {
  by: Workspace;
  speaker: Speaker;
  trigger: string;
  where: string;
}

export type Dialogs = ReturnType<typeof createDialogs>;

export function createDialogs({ api, log, whisper }: Parts) {
  const tell = async ({ speaker, where }: Asked, view: MessageView): Promise<void> => {
    try {
      await whisper({ channel: channelName, id: where }, speaker.userId, view);
    } catch (thrown) {
      log.warn({ error: asOpsError(thrown).message }, 'a person could not be told why a press did nothing');
    }
  };
  return {
    /** Opens a dialog while the press still allows it, else says what to do. Never rejects. */
    async open(asked: Asked, view: types.ModalView): Promise<void> {
      try {
        await api.call('views.open', asked.by.botToken, { trigger_id: asked.trigger, view });
      } catch (thrown) {
        log.warn({ error: asOpsError(thrown).message }, 'a dialog could not be opened');
        await tell(asked, TOO_LATE.has(slackCode(thrown) ?? '') ? late : failed);
      }
    },
    /** Never rejects. */
    unknownButton: (asked: Asked): Promise<void> => tell(asked, unknown),
  };
}

/** Where each dialog says what is wrong with it: the block of its text. */
const textOf: Readonly<Record<string, string>> = { reason: 'reason', create_incident: 'summary' };

/** Keeps a dialog open that cannot be read: blanks only, or not as it was opened. Nothing for a dialog of somebody else. */
export function sendAgain(callback: string): unknown {
  const block = textOf[callback];
  if (block === undefined) return '';
  const words = 'Write a few words. If they are there, close this and press the button again.';
  return { response_action: 'errors', errors: { [block]: words } };
}

const note = (title: string, body: string): MessageView => ({ kind: 'message', title, status: 'warning', body });
const late = note('Press again', 'Slack gives a dialog three seconds to open, and it took longer. Nothing was done.');
const failed = note('The dialog did not open', 'Nothing was done. Press again in a minute.');
const unknown = note('This button is not known any more', 'Nothing was done. Ask again to get a card that works.');
