import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';
import type { View, ViewKind } from '../../cards/view.ts';
import { samples } from './samples.ts';

const folder = new URL('../goldens/cards/', import.meta.url);

/** Compares with the stored file; `UPDATE_GOLDENS=1` writes it instead. Look at the difference before you keep it. */
export function expectGolden(name: string, actual: string): void {
  const file = new URL(name, folder);
  if (process.env.UPDATE_GOLDENS === '1') {
    mkdirSync(dirname(file.pathname), { recursive: true });
    writeFileSync(file, actual);
  }
  expect(actual, `${name} differs; UPDATE_GOLDENS=1 npx mocha writes it anew`).to.equal(readFileSync(file, 'utf8'));
}

/** Every sample with the name of its golden: 'table-1', 'approval-pending'. */
export function namedSamples(): { name: string; view: View }[] {
  return (Object.keys(samples) as ViewKind[]).flatMap((kind) =>
    samples[kind].map((view, index) => ({ name: `${kind}-${index + 1}${stateOf(view)}`, view })),
  );
}

function stateOf(view: View): string {
  return view.kind === 'approval' ? `-${view.state}` : '';
}
