import type { Block } from '@slack/types';
import { limits } from './limits.ts';

const marked = /[&<>]/;

/** What a card weighs against what Slack takes in one message: its text, with markup escaped as Slack stores it, and its blocks. */
export function weightOf(text: string, blocks: readonly Block[]): number {
  return textOf(text) + textOf(blocks) + blocks.length * limits.blockWeight;
}

/** Characters in all tables of a card. */
export function tableTextOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => (block.type === 'table' ? sum + textOf(block) : sum), 0);
}

function textOf(node: unknown): number {
  if (typeof node === 'string') return node.length + (marked.test(node) ? 4 * (node.split(marked).length - 1) : 0);
  if (typeof node !== 'object' || node === null) return 0;
  let sum = 0;
  if (Array.isArray(node)) for (const one of node) sum += textOf(one);
  else for (const key in node) if (key !== 'type') sum += textOf((node as Record<string, unknown>)[key]);
  return sum;
}
