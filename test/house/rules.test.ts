import { expect } from 'chai';
import { citations } from './citations.ts';
import { directionRules } from './direction.ts';
import { doorRules } from './doors.ts';
import { listRules } from './lists.ts';
import { paperRules } from './papers.ts';
import { type Rule, report } from './rule.ts';
import { shapeRules } from './shape.ts';

type House = Record<string, string>;

const lists = listRules({ toolNames: ['read_it', 'read_it', 'BadName'], configKeys: ['PORT', 'HOST'] });
const rules: readonly Rule[] = [...directionRules, ...doorRules, ...shapeRules, ...lists, ...paperRules];

function findings(title: string, house: House): string[] {
  const rule = rules.find((one) => one.title.startsWith(title));
  if (rule === undefined) throw new Error(`no rule is called '${title}'`);
  return rule.check(new Map(Object.entries(house)));
}

/** A title, a house that breaks the rule, and what must be said of it. */
const planted: [title: string, house: House, said: string[]][] = [
  [
    'imports only from rooms',
    { 'lib/a.ts': `import type { B } from '../store/b.ts';` },
    ['lib/a.ts:1 imports store/b.ts'],
  ],
  ['imports only from rooms', { 'tools/a.ts': `\nawait import('../bot/b.ts');` }, ['tools/a.ts:2 imports bot/b.ts']],
  ['imports only from rooms', { 'bot/a.ts': `export * from '../main.ts';` }, ['bot/a.ts:1 imports main.ts']],
  [
    'imports only from rooms',
    { 'adapters/a.ts': `import { b } from '../console/b.ts';` },
    ['adapters/a.ts:1 imports console/b.ts'],
  ],
  [
    'imports only from rooms',
    { 'console/src/a.ts': `import { put } from '../../store/store.ts';` },
    ['console/src/a.ts:1 takes a value from store/store.ts; the console may take types only'],
  ],
  [
    'imports only from rooms',
    { 'attic/a.ts': `import { b } from '../lib/b.ts';` },
    ["attic/a.ts:1 stands in 'attic', which is no room of the law"],
  ],
  [
    'has no import cycles',
    { 'lib/a.ts': `import './b.ts';`, 'lib/b.ts': `import './c.ts';`, 'lib/c.ts': `import type { A } from './a.ts';` },
    ['lib/a.ts → lib/b.ts → lib/c.ts → lib/a.ts'],
  ],
  [
    'imports only files that exist',
    { 'lib/a.ts': `import './b.js';`, 'lib/b.ts': '' },
    ['lib/a.ts:1 imports lib/b.js, which is not there'],
  ],
  ['has one door', { 'tools/a.ts': `import Database from 'better-sqlite3';` }, ['tools/a.ts:1 imports better-sqlite3']],
  [
    'has one door',
    { 'bot/a.ts': `import type { EC2 } from '@aws-sdk/client-ec2';` },
    ['bot/a.ts:1 imports @aws-sdk/client-ec2'],
  ],
  [
    'has one door',
    { 'lib/a.ts': `await import("left-pad/deep");` },
    ['lib/a.ts:1 imports left-pad, which has no door yet'],
  ],
  ['has one door', { 'lib/a.ts': `import { expect } from 'chai';` }, ['lib/a.ts:1 imports chai']],
  [
    'has one door',
    { 'cards/blockkit/a.ts': `import { Block } from '@slack/types';` },
    ['cards/blockkit/a.ts:1 imports @slack/types'],
  ],
  ['reads the environment', { 'main.ts': `start(process . env.PORT);` }, ['main.ts:1 process . env']],
  ['reads the environment', { 'bot/a.ts': `import { env } from 'node:process';` }, ['bot/a.ts:1 imports env']],
  [
    'mints write permits',
    { 'approvals/gate.ts': `import { mintPermit } from '../tools/aws/permit.ts';` },
    ['approvals/gate.ts:1 can mint a permit'],
  ],
  [
    'mints write permits',
    { 'bot/a.ts': `import * as permits from '../tools/aws/permit.ts';` },
    ['bot/a.ts:1 can mint a permit'],
  ],
  ['mints write permits', { 'bot/a.ts': `await import('../tools/aws/permit.ts');` }, ['bot/a.ts:1 can mint a permit']],
  ['executes tools', { 'bot/a.ts': `await tool.execute(input);` }, ['bot/a.ts:1 .execute(']],
  ['executes tools', { 'adapters/a.ts': `const { name, execute } = tool;` }, ['adapters/a.ts:1 { name, execute } =']],
  ['has no file over', { 'console/src/a.tsx': `${'\n'.repeat(400)}x` }, ['console/src/a.tsx has 401 lines']],
  [
    'names files',
    { 'lib/timeWords.ts': '', 'lib/text-utils/a.ts': '', 'bot/helpers.ts': '', 'tools/index.ts': '' },
    ['lib/timeWords.ts', 'bot/helpers.ts', 'tools/index.ts'],
  ],
  [
    'holds no any',
    { 'test/a.ts': `const a: any = b as any; type C = Map<string, any>;` },
    ['test/a.ts:1 : any', 'test/a.ts:1 as any', 'test/a.ts:1 , any'],
  ],
  ['holds no silenced', { 'lib/a.ts': `// @ts-ignore\nx();` }, ['lib/a.ts:1 @ts-ignore']],
  ['holds no unowned', { 'lib/a.ts': `/* FIXME later */` }, ['lib/a.ts:1 FIXME']],
  ['holds no tests that', { 'test/a.test.ts': `it.only('x', () => {});` }, ['test/a.test.ts:1 it.only']],
  [
    'holds no default',
    { 'lib/a.ts': `export default 1;`, 'lib/b.ts': `export { b as default };` },
    ['lib/a.ts:1 export default', 'lib/b.ts:1 as default'],
  ],
  ['holds no prints', { 'bot/a.ts': `console.log(token);` }, ['bot/a.ts:1 console.log']],
  [
    'offers every tool',
    {
      'tools/catalog.ts': `import { a } from './ec2/a.ts';`,
      'tools/ec2/a.ts': 'defineTool({})',
      'tools/ec2/b.ts': 'defineTool({})',
    },
    [
      'tools/ec2/b.ts is not imported by the catalog',
      '2 tools are defined, the catalog holds 3',
      'read_it stands in the catalog twice',
      "'BadName' is not snake_case",
    ],
  ],
  [
    'explains every configuration key',
    { '.env.example': '# The port.\n# PORT=1\nOLD=2\n' },
    ['HOST is not in .env.example', 'OLD is not a key of lib/config.ts', 'OLD has no comment line above it'],
  ],
  [
    'has a template',
    {
      'cards/view.ts': `interface A extends Common {\n  kind: 'table';\n}\ninterface B extends Common {\n  kind: 'chart';\n}`,
      'cards/adaptive/table.json': '{}',
      'test/goldens/cards/adaptive/chart-empty.json': '{}',
      'test/goldens/cards/adaptive/tables.json': '{}',
      'test/goldens/cards/blockkit/table-1.json': '{}',
      'test/goldens/cards/text/table-1.txt': '{}',
    },
    [
      "test/goldens/cards/adaptive has nothing for 'table'",
      'cards/adaptive/chart.json is not there',
      "test/goldens/cards/blockkit has nothing for 'chart'",
      "test/goldens/cards/text has nothing for 'chart'",
    ],
  ],
  [
    'leaves no field',
    { 'test/goldens/cards/a.json': '{"text": "${title}"}' },
    ['test/goldens/cards/a.json holds an unbound field'],
  ],
  [
    'explains every error code',
    {
      'lib/errors.ts': `export type ErrorCode =\n  | 'lost'\n  | 'found';`,
      'docs/errors.md': '| `lost` | x |\n| `gone` | x |\n',
    },
    ['found has no row', 'gone has a row but is no code'],
  ],
  [
    'pins every package',
    {
      'package.json': '{"dependencies": {"zod": "^4.0.0", "pino": "1.0.0"}, "devDependencies": {"yaml": "1.0.0"}}',
      'lib/a.ts': `import { z } from 'zod'; import { parse } from 'yaml';`,
    },
    [
      'zod is not pinned',
      'pino is shipped and never imported',
      'yaml is imported by shipped code and is a dev dependency',
    ],
  ],
  [
    'links only to pages',
    { 'docs/a.md': 'see [b](../b.md#top) and [c](c.md)', 'docs/c.md': '' },
    ['docs/a.md links to b.md'],
  ],
  [
    'names only files',
    { 'README.md': 'see `lib/a.ts`, `lib/b.ts` and `data/x.db`', 'lib/b.ts': '' },
    ['README.md names lib/a.ts'],
  ],
  [
    'names only npm',
    { 'package.json': '{"scripts": {"check": ""}}', 'README.md': 'npm run check, npm run talk' },
    ['README.md says npm run talk'],
  ],
  [
    'holds no marks of a merge',
    {
      'README.md': `${'<'.repeat(7)} HEAD\na\n=======\nb\n${'> '.repeat(7)}branch`,
      'lib/a.ts': `\n${'>'.repeat(7)} b`,
    },
    ['README.md:1 <<<<<<< HEAD', 'README.md:5 > > > > > > > branch', 'lib/a.ts:2 >>>>>>> b'],
  ],
];

/** What looks like a breach and is none. */
const innocent: [title: string, house: House][] = [
  [
    'imports only from rooms',
    { 'store/a.ts': `// import '../bot/b.ts';\nconst text = "import '../bot/b.ts'";\nimport '../lib/b.ts';` },
  ],
  [
    'imports only from rooms',
    {
      'console/a.ts': `import { type Put, type Row } from '../store/store.ts';\nimport { x } from '../cards/adaptive/markdown.ts';`,
    },
  ],
  ['imports only from rooms', { 'test/a.ts': `import '../main.ts';` }],
  [
    'has one door',
    { 'store/a.ts': `import Database from 'better-sqlite3';\nimport 'node:fs';`, 'test/a.ts': `import 'chai';` },
  ],
  ['has one door', { 'cards/blockkit/a.ts': `import type { Block } from '@slack/types';` }],
  [
    'reads the environment',
    { 'lib/config.ts': `process.env.PORT`, 'bot/a.ts': '// never process.env\nconst r = /process.env/;' },
  ],
  [
    'mints write permits',
    {
      'approvals/executor.ts': `import { mintPermit } from '../tools/aws/permit.ts';`,
      'tools/aws/a.ts': `import { requirePermit } from './permit.ts';`,
    },
  ],
  [
    'executes tools',
    { 'approvals/gate.ts': `await tool.execute(input);`, 'tools/ec2/a.ts': `async execute({ id }, context) {}` },
  ],
  ['has no file over', { 'lib/a.ts': 'x\n'.repeat(400) }],
  ['holds no any', { 'lib/a.ts': `const text = 'as any'; // : any\nconst any = 1; call({ any: 1 });` }],
  ['holds no default', { 'console/vite.config.ts': 'export default {};' }],
  ['links only to pages', { 'docs/a.md': '[web](https://example.com) [here](#top) [folder](../lib/)', 'lib/a.ts': '' }],
];

describe('the rules of the house', () => {
  for (const [title, house, said] of planted) {
    it(`find what is planted against '${title} …' in ${Object.keys(house).join(', ')}`, () => {
      const found = findings(title, house);

      expect(found).to.have.members(said);
    });
  }

  for (const [title, house] of innocent) {
    it(`let pass what keeps '${title} …' in ${Object.keys(house).join(', ')}`, () => {
      const found = findings(title, house);

      expect(found).to.deep.equal([]);
    });
  }

  it('are each seen to bite', () => {
    const bitten = new Set(planted.map(([title]) => rules.find((rule) => rule.title.startsWith(title))));

    const toothless = rules.filter((rule) => !bitten.has(rule)).map((rule) => rule.title);

    expect(toothless).to.deep.equal([]);
  });

  it('say what, why and how to put it right', () => {
    const rule: Rule = { title: 'has doors', why: 'people come in', fix: 'make one', check: () => [] };

    const text = report(rule, ['the north wall']);

    expect(text).to.equal('the house has doors, but:\n  the north wall\nwhy: people come in\nfix: make one');
  });

  it('read requirement ids from the ends of titles only', () => {
    const source = `it('does [T1] this [G3, G4]', f);\nit(\n  "that's [A1]",\n);\nit(\`\${x} [C3]\`, f);\nit('plain', f);\nit.skip('later [T9]', f);`;

    const cited = citations(new Map([['test/a.test.ts', source]]));

    expect([...cited.keys()]).to.deep.equal(['G3', 'G4', 'A1', 'C3']);
  });
});
