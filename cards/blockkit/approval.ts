import type { Block, RichTextBlock } from '@slack/types';
import { approvalFields } from '../approval-fields.ts';
import type { ApprovalView, Field, Vote } from '../view.ts';
import { notWhole, statusGlyph, verdictWords } from '../wording.ts';
import { fieldBlocks } from './columns.ts';
import { moment } from './moment.ts';
import type { Page } from './page.ts';
import { bullets, type Line, rich, richBlock, section } from './rich.ts';

/** A proposal and what became of it. Only blocks that every workspace takes: a person must always be able to decide. */
export function approvalBlocks(view: ApprovalView, page: Page): Block[] {
  const { where, weight, decision, seal } = approvalFields(view);
  const all = (fields: readonly Field[]) => fieldBlocks(fields, page, fields.length);
  const outcome = page.list(view.outcome, 'lines of what happened');
  const blocks = [
    ...richBlock(section(outcome.map((line) => [rich.text(page.text(line))]))),
    ...warningBlock(view.warnings, page),
    ...all(where),
    ...changeBlock(view, page),
    ...all(weight),
    { type: 'divider' },
    ...all(decision),
    ...richBlock(section(page.list(view.votes, 'votes').map((vote) => voteLine(vote, page)))),
    ...all(seal),
  ];
  if (view.state === 'pending' && page.omitted().length > 0) {
    page.leave(notWhole);
  }
  return blocks;
}

function warningBlock(warnings: readonly string[], page: Page): RichTextBlock[] {
  const lines = page.list(warnings, 'warnings').map((line): Line => [rich.bold('! '), rich.text(page.text(line))]);
  return richBlock({ type: 'rich_text_quote', elements: section(lines).elements });
}

function changeBlock({ changes }: ApprovalView, page: Page): RichTextBlock[] {
  if (changes.length === 0) return [];
  const lines = page
    .list(changes, 'changes')
    .map(({ field, before, after }) => [
      [rich.text(`${page.text(field)}: ${page.text(before)} → `), rich.bold(page.text(after))],
    ]);
  return richBlock(section([[rich.bold('Before → after')]]), bullets(lines));
}

function voteLine({ person, verdict, at, reason }: Vote, page: Page): Line {
  const { done, status } = verdictWords[verdict];
  const because = reason ? [rich.text(`: ${page.text(reason)}`)] : [];
  return [rich.text(`${statusGlyph[status]} ${page.text(person)} ${done} `), moment(at), ...because];
}
