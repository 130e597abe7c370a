import type { Turn } from '../../bot/turn.ts';
import { readPress } from '../../cards/blockkit/press.ts';
import { readReason, reasonModal } from '../../cards/blockkit/reason-modal.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Delivery } from './delivery.ts';
import { type Asked, type Dialogs, sendAgain } from './dialogs.ts';
import { suggestPrompts } from './greeting.ts';
import type { Home } from './home.ts';
import { isDirect, placeId } from './ids.ts';
import { createIncident, incidentModal, type NewIncident, readIncident } from './incident-modal.ts';
import { plainText } from './slack-text.ts';
import { atOnce, type Taken } from './taken.ts';
import {
  type Arrival,
  placeOfPress,
  speakerOf,
  turnOfCommand,
  turnOfDialog,
  turnOfMessage,
  turnOfPress,
  turnOfReason,
} from './turns.ts';
import type { SlackApi } from './web-api.ts';
import type { Workspaces } from './workspaces.ts';

interface Parts {
  api: SlackApi;
  log: Log;
  workspaces: Workspaces;
  home: Home;
  dialogs: Dialogs;
  /** Hands a turn to the bot. */
  play(turn: Turn): Taken;
  incidentCommand(input: Omit<NewIncident, 'where'>): string;
}

type Kind<Name extends Delivery['kind']> = Extract<Delivery, { kind: Name }>;
type Handlers = { [Name in Delivery['kind']]: (delivery: Kind<Name>, arrival: Arrival) => Taken };

/** What each kind of delivery leads to. */
export function createInward(parts: Parts): (delivery: Delivery, arrival: Arrival) => Taken {
  const { api, log, workspaces, home } = parts;
  const handlers: Handlers = {
    said(said, arrival) {
      // Its own messages have a mark that was looked at; this is for the day the mark is missing.
      if (said.user === arrival.by.botUserId) return atOnce();
      return playTurn(parts, turnOfMessage(said, arrival), arrival);
    },
    command(command, arrival) {
      // Others in the channel see what the answer belongs to.
      const ack = isDirect(command.channel) ? '' : { response_type: 'in_channel' };
      return { ...playTurn(parts, turnOfCommand(command, arrival), arrival), ack };
    },
    press: (press, arrival) => pressed(parts, press, arrival),
    submission: (sent, arrival) => submitted(parts, sent, arrival),
    shortcut(shortcut, arrival) {
      if (shortcut.callback !== createIncident) return atOnce();
      const where = placeId(shortcut);
      const about = plainText(shortcut.text, arrival.by.botUserId);
      return atOnce(parts.dialogs.open(asked(shortcut, where, arrival), incidentModal(about, where)));
    },
    home({ tab, channel, ...from }, arrival) {
      if (tab === 'home') return atOnce(home.open(arrival.by, speakerOf({ ...from, tab }, arrival)));
      return atOnce(channel === undefined ? undefined : suggestPrompts(arrival.by, channel, api, log));
    },
    uninstalled: ({ org }) =>
      atOnce(
        workspaces.forget(org).catch((thrown: unknown) => {
          log.error({ org, error: asOpsError(thrown).message }, 'an uninstalled workspace could not be forgotten');
        }),
      ),
    nothing: () => atOnce(),
  };
  return (delivery, arrival) => {
    const handle = handlers[delivery.kind] as (delivery: Delivery, arrival: Arrival) => Taken;
    return handle(delivery, arrival);
  };
}

function asked(delivery: Kind<'press' | 'shortcut'>, where: string, arrival: Arrival): Asked {
  return { by: arrival.by, speaker: speakerOf(delivery, arrival), trigger: delivery.trigger, where };
}

function pressed(parts: Parts, press: Kind<'press'>, arrival: Arrival): Taken {
  const meant = readPress(press.action, press.value);
  const where = placeOfPress(press);
  const { dialogs } = parts;
  if (!meant) return atOnce(dialogs.unknownButton(asked(press, where, arrival)));
  switch (meant.kind) {
    case 'link':
      return atOnce();
    case 'ask':
      return atOnce(dialogs.open(asked(press, where, arrival), reasonModal(meant, where)));
    default:
      return playTurn(parts, turnOfPress(press, meant, arrival), arrival);
  }
}

function submitted(parts: Parts, sent: Kind<'submission'>, arrival: Arrival): Taken {
  const reason = readReason(sent.view);
  const turn = reason && turnOfReason(sent, reason, arrival);
  if (turn) return playTurn(parts, turn, arrival);
  const incident = readIncident(sent.view);
  const command = incident && turnOfDialog(sent, incident.where, parts.incidentCommand(incident), arrival);
  return command ? playTurn(parts, command, arrival) : { ...atOnce(), ack: sendAgain(sent.callback) };
}

/** Plays the turn. What was asked for or decided changes what the person's own Home tab shows. */
function playTurn({ play, home }: Parts, turn: Turn, { by }: Arrival): Taken {
  const taken = play(turn);
  const done = taken.done.then(async (result) => {
    if (turn.decision || result?.approvalId) await home.refresh(by, turn.speaker);
    return result;
  });
  return { ...taken, done };
}
