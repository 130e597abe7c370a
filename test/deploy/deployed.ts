import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const inDeploy = (path: string): string => fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));
export const readText = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});

export const alerts = Rules.parse(parse(readText('deploy/prometheus/rules.yaml'))).groups.flatMap(({ rules }) => rules);

const Dashboard = z.object({
  panels: z.array(
    z.object({ title: z.string(), description: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
  ),
});

export const panels = Dashboard.parse(JSON.parse(readText('deploy/grafana/opsagent.json'))).panels;

const WORDS = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'offset', 'bool', 'group_left']);

/** The metrics that a PromQL expression reads: what is neither a function, nor a word of the language, nor a label. */
export function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/"(?:\\.|[^"\\])*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, '');
  return [...bare.matchAll(/(?<![\w.])[a-z_:][\w:]*(?!\s*\()\b/gi)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name));
}
