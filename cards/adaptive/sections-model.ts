import type { SectionsView } from '../view.ts';
import { type FieldModel, fieldModels } from './cell-model.ts';
import { type SeriesModel, seriesModels } from './chart-model.ts';
import type { Clip } from './clip.ts';
import { type TableModel, tableModel } from './table-model.ts';

interface SectionModel extends TableModel {
  heading: string;
  fields: FieldModel[];
  series: SeriesModel[];
}

const maxSections = 20;
const fewestRows = 2;

/** The rows of one card are shared out evenly among its sections. */
export function sectionsModel({ sections }: SectionsView, clip: Clip): { sections: SectionModel[] } {
  const shown = clip.list(sections, 'sections', Math.min(maxSections, clip.level.rows));
  const most = Math.max(fewestRows, Math.floor(clip.level.rows / Math.max(1, shown.length)));
  let charts = clip.level.charts;
  return {
    sections: shown.map(({ heading, fields = [], series = [], columns = [], rows = [] }) => {
      const drawn = Math.max(0, charts);
      charts -= series.length;
      return {
        heading: clip.text(heading),
        fields: fieldModels(fields, clip, most),
        series: seriesModels(series, clip, drawn),
        ...tableModel(columns, rows, clip, { most }),
      };
    }),
  };
}
