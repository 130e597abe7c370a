import { createUnderstanding } from '../../../bot/understand/understand.ts';
import type { OpenQuestion, Understanding } from '../../../bot/understand/understanding.ts';
import { catalog } from '../../../tools/catalog.ts';

export const NOW = Date.parse('2026-11-21T10:00:00Z');
export const WEB = 'i-0bad5eed2c0ffee02';
export const DB = 'i-0a1b2c3d4e5f60718';
export const TOKEN = `approve-${'Zm9vYmFy'.repeat(5)}Zm9`;

const understand = createUnderstanding({ catalog });

export function speak(text: string, open?: OpenQuestion): Understanding {
  return understand(text, { now: NOW, open });
}

export function isRead(tool: string): boolean {
  return catalog.find(({ name }) => name === tool)?.effect === 'read';
}

/** The shortest telling of an understanding, for tables: 'call reboot_ec2', 'ask instance_id', 'menu negation'. */
export function brief(one: Understanding): string {
  if (one.kind === 'call') return `call ${one.tool}`;
  if (one.kind === 'ask') return `ask ${one.missing}`;
  if (one.kind === 'menu') return `menu ${one.why}`;
  if (one.kind === 'decide') return `decide ${one.verdict}`;
  return one.kind;
}
