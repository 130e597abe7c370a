import type { Template } from 'adaptivecards-templating/lib/template-engine.js';
import type { ViewKind } from '../view.ts';
import approval from './approval.json' with { type: 'json' };
import chart from './chart.json' with { type: 'json' };
import facts from './facts.json' with { type: 'json' };
import failure from './failure.json' with { type: 'json' };
import frame from './frame.json' with { type: 'json' };
import help from './help.json' with { type: 'json' };
import menu from './menu.json' with { type: 'json' };
import message from './message.json' with { type: 'json' };
import parts from './parts.json' with { type: 'json' };
import progress from './progress.json' with { type: 'json' };
import question from './question.json' with { type: 'json' };
import refusal from './refusal.json' with { type: 'json' };
import sections from './sections.json' with { type: 'json' };
import table from './table.json' with { type: 'json' };

const payloads: Record<ViewKind, { body: readonly object[] }> = {
  message,
  facts,
  table,
  sections,
  chart,
  approval,
  refusal,
  failure,
  question,
  menu,
  help,
  progress,
};

const byName: Readonly<Record<string, object>> = parts;

type Templates = Readonly<Record<ViewKind, Template>>;
let templates: Promise<Templates> | undefined;

/** One prepared template per kind, made at the first card: loading the engine takes 170 ms, preparing a template 2 ms. */
export function loadTemplates(): Promise<Templates> {
  templates ??= prepare();
  return templates;
}

// The package's own front door pulls the TypeScript sources of `adaptivecards` into the type check; the engine alone does not.
async function prepare(): Promise<Templates> {
  const engine = await import('adaptivecards-templating/lib/template-engine.js');
  const entries = Object.entries(payloads).map(([kind, { body }]) => [kind, new engine.Template(card(body))]);
  return Object.fromEntries(entries);
}

function card(body: readonly object[]): object {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText: '${fallback}',
    msteams: { width: 'Full' },
    body: [...frame.head, ...body.map(withParts), ...frame.foot],
    actions: '${actions}',
  };
}

/** Puts the shared pieces of `parts.json` where a template says `{ "part": name }`. */
function withParts(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withParts);
  if (node === null || typeof node !== 'object') return node;
  const part = 'part' in node && typeof node.part === 'string' ? byName[node.part] : undefined;
  if (part) return withParts(part);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withParts(value)]));
}
