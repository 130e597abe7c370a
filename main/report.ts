import { randomUUID } from 'node:crypto';
import type { TurnResult } from '../bot/turn.ts';
import type { Config } from '../lib/config.ts';
import { silentTelemetry } from '../lib/telemetry.ts';
import { getReport } from '../tools/reports/get-report.ts';
import { defaultSpeaker } from './ask.ts';
import { compose } from './compose.ts';

interface ReportOptions {
  /** As typed: 'access', 'operations' … */
  report: string;
  /** As in chat: 24h, 7d, yesterday. */
  window: string | undefined;
  /** E-mail of the reader; in LOCAL_MOCK Alice when left out. */
  as: string | undefined;
  json: boolean;
}

/**
 * `opsagent report`: one report as text, or as the JSON that programs get. It goes through the gate like any other read.
 *
 * @returns whether there is a report; else what was printed says why not
 */
export async function report(
  config: Config,
  { report: name, window, as, json }: ReportOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const userId = as ?? defaultSpeaker(config);
  const house = await compose(config, silentTelemetry);
  try {
    // Nobody but this prompt hears the answer, so there is no channel to post it to.
    const { bot } = house.open([]);
    const auth = config.EXECUTION_MODE === 'LOCAL_MOCK' ? 'local-switch' : 'shell';
    const result = await bot.handleTurn({
      id: `report:${randomUUID()}`,
      at: house.clock.now(),
      origin: 'command',
      speaker: { channel: 'terminal', userId, auth },
      conversation: { channel: 'terminal', id: 'report' },
      text: '',
      call: { tool: getReport.name, input: { report: name, ...(window !== undefined && { time_window: window }) } },
    });
    print(json ? asJson(result) : result.text);
    return result.outcome === 'done';
  } finally {
    await house.close();
  }
}

function asJson({ output, outcome, correlationId, text }: TurnResult): string {
  return JSON.stringify(output ?? { outcome, correlation_id: correlationId, text });
}
