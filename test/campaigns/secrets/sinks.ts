import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toldOf } from '../../../adapters/mcp/told.ts';
import { answerOf } from '../../../adapters/qbusiness/answer.ts';
import { createAuditCopy } from '../../../approvals/audit-copy.ts';
import { exportLines } from '../../../approvals/audit-export.ts';
import { CHAIN } from '../../../approvals/audit-record.ts';
import { recordsOf } from '../../../approvals/audit-walk.ts';
import type { TurnResult } from '../../../bot/turn.ts';
import { renderAdaptive } from '../../../cards/adaptive/render.ts';
import { renderBlockKit } from '../../../cards/blockkit/render.ts';
import { renderText } from '../../../cards/text/render.ts';
import { silentLog } from '../../../lib/log.ts';
import type { Telemetry } from '../../../lib/telemetry.ts';
import type { ScriptedModel } from '../../bot/llm/scripted-model.ts';
import type { CapturedHouse } from '../captured/captured-house.ts';

/** Places that a secret must not come to, and all that stands there. */
export type Sinks = Readonly<Record<SinkName, string>>;
export const SINKS = [
  ...(['Adaptive Cards', 'Block Kit', 'cards as text', 'logs, progress and answers', 'audit rows'] as const),
  ...(['copy of the record', 'export', 'rows of the store', 'requests to the model', 'metrics', 'errors'] as const),
  'answers of REST and MCP',
] as const;
export type SinkName = (typeof SINKS)[number];

interface Filled {
  house: CapturedHouse;
  model: ScriptedModel;
  telemetry: Telemetry;
  /** What was thrown at whoever started or called something. */
  errors: readonly string[];
  answers: readonly TurnResult[];
}

/** A change's own row keeps what people and AWS said, because the change is compared with it. */
const MAY_KEEP = new Set(['approval', 'audit']);

/** Everything that left the house, read where it arrives. */
export async function sinksOf({ house, model, telemetry, errors, answers }: Filled): Promise<Sinks> {
  const { rows, shown, lines } = house.witness;
  const views = shown.map(({ view }) => view);
  const adaptive = await Promise.all(views.map((view) => renderAdaptive(view)));
  const text = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
  const audit = rows.filter(({ kind }) => kind === 'audit').map(({ value }) => value);
  return {
    'Adaptive Cards': text(adaptive),
    'Block Kit': text(views.map((view) => renderBlockKit(view, { charts: 'plain' }))),
    'cards as text': views.map((view) => renderText(view, { width: 100, color: false })).join('\n'),
    'logs, progress and answers': lines.join('\n'),
    'audit rows': text(audit),
    'copy of the record': await copied(house),
    export: await exported(house),
    'rows of the store': text(rows.filter(({ kind }) => !MAY_KEEP.has(kind)).map(({ value }) => value)),
    'requests to the model': text(model.requests.map(({ system, messages }) => ({ system, messages }))),
    metrics: await telemetry.text(),
    errors: errors.join('\n'),
    'answers of REST and MCP': text(answers.flatMap(told)),
  };
}

/** What was asked is not in an answer; how it is told depends on its form alone. */
function told(result: TurnResult): unknown[] {
  const asked = { kind: 'call', said: { text: '' } } as const;
  const rest = (['object', 'text'] as const).map((details) => answerOf(asked, result, { details, mode: 'LOCAL_MOCK' }));
  return [...rest.map(({ body }) => body), toldOf('a_tool', result)];
}

async function exported({ store }: CapturedHouse): Promise<string> {
  const lines: string[] = [];
  for await (const line of exportLines(store, {}, new Map())) lines.push(line);
  return lines.join('\n');
}

/** The JSON lines as they are on the disk. */
async function copied({ store }: CapturedHouse): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-secrets-'));
  const path = join(folder, 'audit.jsonl');
  const copy = createAuditCopy(path, silentLog);
  for await (const record of recordsOf(store, CHAIN)) copy.append(record);
  await copy.close();
  const text = readFileSync(path, 'utf8');
  rmSync(folder, { recursive: true });
  return text;
}
