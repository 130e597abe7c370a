import { z } from 'zod';
import type { Settings } from '../approvals/settings.ts';
import { createUsageLedger, type DayUsage } from '../bot/llm/usage.ts';
import { totalUsd, usageView } from '../bot/usage-view.ts';
import { renderText } from '../cards/text/render.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { createLog } from '../lib/log.ts';
import { openStore } from '../store/open.ts';
import { openPolicy } from './people-and-policy.ts';

interface UsageOptions {
  /** As typed; 7 when left out. */
  days: string | undefined;
  json: boolean;
}

const DAY_MS = 86_400_000;

/** `opsagent usage`: who used the model in the last days and what it cost; whoever may read the store may read this. */
export async function usage(config: Config, options: UsageOptions, print: (line: string) => void): Promise<void> {
  const days = parseDays(options.days);
  const parts = { clock: systemClock, log: createLog(config.LOG_LEVEL) };
  const { model: caps } = (await openPolicy(config, parts)).now().value;
  const store = await openStore(config.STORE, { ...parts, region: config.AWS_REGION });
  try {
    const now = systemClock.now();
    const rows = await createUsageLedger(store).days(now - (days - 1) * DAY_MS, now);
    const view = usageView(rows, { days, whose: 'all', caps });
    print(options.json ? inJson(rows, days, caps) : renderText(view, { width: 100, color: false }));
  } finally {
    await store.close();
  }
}

function inJson(rows: readonly DayUsage[], days: number, caps: Settings['model']): string {
  return JSON.stringify({
    days,
    rows: rows.map(({ day, person, turns, calls, tokens, costMicroUsd }) => ({
      ...{ day, person, turns, calls },
      tokens: {
        input: tokens.input,
        cache_read: tokens.cacheRead,
        cache_write: tokens.cacheWrite,
        output: tokens.output,
      },
      cost_usd: costMicroUsd / 1_000_000,
    })),
    total_usd: totalUsd(rows),
    caps,
  });
}

const Days = z.coerce.number<string>().int().min(1).max(400);

function parseDays(given = '7'): number {
  const parsed = Days.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new OpsError('config_invalid', `--days cannot be ${JSON.stringify(given.slice(0, 20))}.`, {
    hint: 'Use a whole number from 1 to 400: usage is kept for 400 days.',
  });
}
