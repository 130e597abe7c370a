import type { Rule } from './rule.ts';
import { type Files, isCode, isProduct, lineAt, maskCode } from './source.ts';

const MOST_LINES = 400;

const length: Rule = {
  title: `has no file over ${MOST_LINES} lines`,
  why: 'quality is lost in the longest files first',
  fix: 'cut it where two ideas meet; most files here have 40 to 80 lines',
  check: (files) =>
    code(files)
      .map(([path, source]) => ({ path, lines: source.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `${path} has ${lines} lines`),
};

const KEBAB = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const NAMELESS = /(^|\/)(utils?|helpers?|common|misc|index)(\.test)?(\.tsx?|\/)/;

const names: Rule = {
  title: 'names files in kebab-case, by their idea',
  why: 'a name that says nothing collects everything; two spellings of one name break on some disks',
  fix: 'name the file after the one thing it holds: read-people.ts, not PeopleUtils.ts or index.ts',
  check: (files) =>
    code(files)
      .map(([path]) => path)
      .filter((path) => !path.split('/').every((part) => KEBAB.test(part)) || NAMELESS.test(path)),
};

interface Forbidden {
  what: string;
  pattern: RegExp;
  /** `all` looks at comments and strings too. */
  look: 'code' | 'all';
  where: (path: string) => boolean;
  why: string;
  fix: string;
}

const notThisHouse = (path: string) => !path.startsWith('test/house/');

const FORBIDDEN: readonly Forbidden[] = [
  {
    what: 'any',
    pattern: /(?::|\bas|[<,|&]|\bextends)\s*any\b(?!\s*[:(])/g,
    look: 'code',
    where: isCode,
    why: 'any switches the compiler off for everything it touches',
    fix: 'use unknown and parse it, or the real type',
  },
  {
    what: 'silenced compiler errors',
    pattern: /@ts-(ignore|nocheck|expect-error)/g,
    look: 'all',
    where: notThisHouse,
    why: 'a silenced error is a bug with a lid on',
    fix: 'repair the type',
  },
  {
    what: 'unowned promises',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/g,
    look: 'all',
    where: notThisHouse,
    why: 'a note in the code has no owner and no date',
    fix: 'do it now, or open an issue',
  },
  {
    what: 'tests that shut out the others',
    pattern: /\b(describe|context|it|specify)\s*\.\s*only\b/g,
    look: 'code',
    where: (path) => path.startsWith('test/'),
    why: 'one forgotten .only turns the whole suite green',
    fix: 'remove .only; run one file with npx mocha <file>',
  },
  {
    what: 'default exports',
    pattern: /\bexport\s+default\b|\bas\s+default\b/g,
    look: 'code',
    where: (path) => !/\.(config|d)\.ts$/.test(path),
    why: 'a named export has the same name everywhere it is used',
    fix: 'export it by name',
  },
  {
    what: 'prints',
    pattern: /\bconsole\s*\.\s*(log|info|warn|error|debug|table|dir|trace)\b/g,
    look: 'code',
    where: (path) => isProduct(path) && !/^(main\.ts$|adapters\/terminal\/)/.test(path),
    why: 'stdout belongs to answers and logs go through lib/log.ts, where secrets are taken out',
    fix: 'take a Log and write to it',
  },
];

const forbidden = FORBIDDEN.map(
  ({ what, pattern, look, where, why, fix }): Rule => ({
    title: `holds no ${what}`,
    why,
    fix,
    check: (files) =>
      code(files)
        .filter(([path]) => where(path))
        .flatMap(([path, source]) => {
          const text = look === 'all' ? source : maskCode(source);
          return [...text.matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)} ${match[0].trim()}`);
        }),
  }),
);

const code = (files: Files) => [...files].filter(([path]) => isCode(path));

export const shapeRules: readonly Rule[] = [length, names, ...forbidden];
