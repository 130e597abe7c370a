import type { JsonObject } from '../../lib/json.ts';
import { summaryLine } from '../summary.ts';
import type { View } from '../view.ts';
import { accountWords, modeWords, standing, statusGlyph, writtenByAi } from '../wording.ts';
import { actionModels } from './actions.ts';
import { type Colour, statusColour } from './cell-model.ts';
import type { Clip } from './clip.ts';
import { escapeMarkdown, plain } from './escape.ts';
import { moment } from './moment.ts';

/** What every card has around its content. Complete on purpose: a key that is missing would show as an expression. */
export interface FrameModel {
  fallback: string;
  /** Where a change stands; above the title. Empty for other kinds. */
  kicker: string;
  kickerColor: Colour;
  glyph: string;
  glyphColor: Colour;
  title: string;
  titleSize: 'Medium' | 'Large';
  place: string;
  stamp: string;
  note: string;
  omitted: { line: string }[];
  actions: JsonObject[];
}

/** Made last: it tells what the content had to leave out. */
export function frameModel(view: View, clip: Clip): FrameModel {
  const actions = actionModels(view, clip);
  const frame = {
    fallback: plain(summaryLine(view), 300),
    ...heading(view, clip),
    place: view.source && view.kind !== 'approval' ? clip.text(placeWords(view.source)) : '',
    stamp: stampWords(view),
    note: noteWords(view, clip),
    actions,
  };
  return { ...frame, omitted: clip.omitted().map((line) => ({ line })) };
}

function heading(view: View, clip: Clip) {
  if (view.kind === 'approval') {
    const { status, words } = standing(view);
    return {
      kicker: `${statusGlyph[status]} ${clip.text(words)}`,
      kickerColor: statusColour[status],
      glyph: '',
      glyphColor: 'Default',
      title: escapeMarkdown(clip.text(view.action)),
      titleSize: 'Large',
    } as const;
  }
  return {
    kicker: '',
    kickerColor: 'Default',
    glyph: view.status ? statusGlyph[view.status] : '',
    glyphColor: view.status ? statusColour[view.status] : 'Default',
    title: escapeMarkdown(clip.text(view.title)),
    titleSize: 'Medium',
  } as const;
}

function noteWords({ aiWritten, note }: View, clip: Clip): string {
  const notes = [...(aiWritten ? [writtenByAi] : []), ...(note ? [note] : [])];
  return notes.length > 0 ? clip.text(notes.join(' · ')) : '';
}

function placeWords(source: NonNullable<View['source']>): string {
  return [accountWords(source), source.region, modeWords[source.mode]].join(' · ');
}

function stampWords({ source, correlationId }: View): string {
  const read = source ? [`Read ${moment(source.at)}`] : [];
  const id = correlationId ? [`id ${escapeMarkdown(plain(correlationId, 64))}`] : [];
  return [...read, ...id].join(' · ');
}
