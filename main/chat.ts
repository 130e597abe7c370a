import { randomBytes } from 'node:crypto';
import { createTerminal } from '../adapters/terminal/terminal.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { silentTelemetry } from '../lib/telemetry.ts';
import { defaultSpeaker } from './ask.ts';
import { besideStore, compose } from './compose.ts';
import { keepFresh } from './keep-fresh.ts';
import { sweepOnce } from './sweep-once.ts';

/** `npm run chat`: the same colleague in a terminal. */
export async function chat(config: Config, as: string | undefined, color: boolean): Promise<void> {
  const house = await compose(config, silentTelemetry);
  const left = new AbortController();
  try {
    const speaker = as ?? defaultSpeaker(config);
    const person = house.people.find(speaker);
    if (!person)
      throw new OpsError('unknown_person', `${speaker} is not on the allow-list.`, {
        hint: 'Use --as with the e-mail of somebody who is.',
      });
    const terminal = createTerminal({
      name: `terminal-${process.pid}-${randomBytes(3).toString('hex')}`,
      input: process.stdin,
      output: process.stdout,
      color,
      mode: config.EXECUTION_MODE,
      person,
      people: house.people.list,
      historyFile: besideStore(config.STORE, 'history') ?? '.opsagent-history',
      clock: house.clock,
      log: house.log,
    });
    const { bot, dispatcher, lobby } = house.open([terminal]);
    await sweepOnce(house, AbortSignal.timeout(10_000));
    dispatcher.start();
    void keepFresh(house, left.signal);
    void house.warm();
    await terminal.start(bot.handleTurn, lobby);
    await terminal.left;
    await bot.drain();
    await dispatcher.stop();
  } finally {
    left.abort();
    await house.close();
  }
}
