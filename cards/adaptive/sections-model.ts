import type { SectionsView } from '../view.ts';
import { type FieldModel, fieldModels } from './cell-model.ts';
import type { Clip } from './clip.ts';
import { type TableModel, tableModel } from './table-model.ts';

interface SectionModel extends TableModel {
  heading: string;
  fields: FieldModel[];
}

const maxSections = 20;
const fewestRows = 2;

/** The rows of one card are shared out evenly among its sections. */
export function sectionsModel({ sections }: SectionsView, clip: Clip): { sections: SectionModel[] } {
  const shown = clip.list(sections, 'sections', Math.min(maxSections, clip.level.rows));
  const most = Math.max(fewestRows, Math.floor(clip.level.rows / Math.max(1, shown.length)));
  return {
    sections: shown.map(({ heading, fields = [], columns = [], rows = [] }) => ({
      heading: clip.text(heading),
      fields: fieldModels(fields, clip, most),
      ...tableModel(columns, rows, clip, { most }),
    })),
  };
}
