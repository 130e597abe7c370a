import { expect } from 'chai';
import { configKeys } from '../lib/config.ts';
import { catalog } from '../tools/catalog.ts';
import { directionRules } from './house/direction.ts';
import { doorRules } from './house/doors.ts';
import { listRules } from './house/lists.ts';
import { paperRules } from './house/papers.ts';
import { report } from './house/rule.ts';
import { shapeRules } from './house/shape.ts';
import { readHouse } from './house/source.ts';

describe('the house', () => {
  const files = readHouse(new URL('..', import.meta.url).pathname);
  const lists = listRules({ toolNames: catalog.map(({ name }) => name), configKeys });

  for (const rule of [...directionRules, ...doorRules, ...shapeRules, ...lists, ...paperRules]) {
    it(rule.title, () => {
      const findings = rule.check(files);

      if (findings.length > 0) expect.fail(report(rule, findings));
    });
  }
});
