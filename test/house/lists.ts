import type { Rule } from './rule.ts';
import { type Files, importsOf, isProduct, maskCode, packageOf, resolveImport } from './source.ts';

/** What only the running code knows. */
export interface Living {
  toolNames: readonly string[];
  configKeys: readonly string[];
}

export function listRules(living: Living): readonly Rule[] {
  return [catalogRule(living), environmentRule(living), viewKinds, boundGoldens, errorCodes, dependencies];
}

function catalogRule({ toolNames }: Living): Rule {
  return {
    title: 'offers every tool file in the catalog, under a name of its own',
    why: 'a tool left out of the one list exists for nobody; a name used twice runs the wrong one',
    fix: 'add one line to tools/catalog.ts; name tools in snake_case',
    check(files) {
      const listed = new Set(
        importsOf(files.get('tools/catalog.ts') ?? '').map((one) => resolveImport('tools/catalog.ts', one.specifier)),
      );
      const defined = [...files].flatMap(([path, source]) => {
        const calls = /^tools\/[^/]+\/.+\.ts$/.test(path) ? maskCode(source).match(/\bdefineTool\s*\(/g) : null;
        return calls === null ? [] : [{ path, count: calls.length }];
      });
      const count = defined.reduce((sum, one) => sum + one.count, 0);
      return [
        ...defined.filter(({ path }) => !listed.has(path)).map(({ path }) => `${path} is not imported by the catalog`),
        ...(count === toolNames.length ? [] : [`${count} tools are defined, the catalog holds ${toolNames.length}`]),
        ...twice(toolNames).map((name) => `${name} stands in the catalog twice`),
        ...toolNames
          .filter((name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
          .map((name) => `'${name}' is not snake_case`),
      ];
    },
  };
}

function environmentRule({ configKeys }: Living): Rule {
  return {
    title: 'explains every configuration key in .env.example',
    why: 'a key nobody can find is a key nobody can set; a key that is gone misleads',
    fix: 'give each key of lib/config.ts a comment line and a line of its own in .env.example, and nothing else',
    check(files) {
      const lines = (files.get('.env.example') ?? '').split('\n');
      const keys = lines.flatMap((line, at) => {
        const key = /^#?\s?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
        return key === undefined ? [] : [{ key, above: lines[at - 1] ?? '' }];
      });
      return [
        ...difference(
          configKeys,
          keys.map(({ key }) => key),
        ).map((key) => `${key} is not in .env.example`),
        ...difference(
          keys.map(({ key }) => key),
          configKeys,
        ).map((key) => `${key} is not a key of lib/config.ts`),
        ...twice(keys.map(({ key }) => key)).map((key) => `${key} stands in .env.example twice`),
        ...keys
          .filter(({ above }) => !/^# (?![A-Z0-9_]+=)\w/.test(above))
          .map(({ key }) => `${key} has no comment line above it`),
      ];
    },
  };
}

const DIALECTS = ['adaptive', 'blockkit', 'text'];

const viewKinds: Rule = {
  title: 'has a template, and goldens in every dialect, for every kind of view',
  why: 'a kind that one channel cannot show is a person without an answer',
  fix: 'add cards/adaptive/<kind>.json, and run the golden tests with their update switch to write test/goldens/cards/<dialect>/<kind>…',
  check(files) {
    const kinds = [...(files.get('cards/view.ts') ?? '').matchAll(/extends Common \{\s*kind: '([a-z-]+)'/g)].map(
      (match) => match[1] ?? '',
    );
    if (kinds.length === 0) return ['cards/view.ts shows no kinds: does this rule still read it right?'];
    const goldens = [...files.keys()].filter((path) => path.startsWith('test/goldens/cards/'));
    return kinds.flatMap((kind) => [
      ...(files.has(`cards/adaptive/${kind}.json`) ? [] : [`cards/adaptive/${kind}.json is not there`]),
      ...DIALECTS.map((dialect) => `test/goldens/cards/${dialect}`)
        .filter((folder) => !goldens.some((path) => startsWithWord(path, `${folder}/${kind}`)))
        .map((folder) => `${folder} has nothing for '${kind}'`),
    ]);
  },
};

const boundGoldens: Rule = {
  title: 'leaves no field of a card unbound',
  why: 'the template engine prints a field it cannot find as it stands, and people would read it',
  fix: 'bind the field in the template, or leave the element out with $when',
  check: (files) =>
    [...files]
      .filter(([path, text]) => path.startsWith('test/goldens/') && text.includes('$' + '{'))
      .map(([path]) => `${path} holds an unbound field`),
};

const errorCodes: Rule = {
  title: 'explains every error code in docs/errors.md, and no other',
  why: 'a person who is shown a code looks it up',
  fix: 'keep the table of docs/errors.md and the union in lib/errors.ts the same',
  check(files) {
    const union = /export type ErrorCode =([^;]*);/.exec(files.get('lib/errors.ts') ?? '')?.[1] ?? '';
    const codes = [...union.matchAll(/'([a-z_]+)'/g)].map((match) => match[1] ?? '');
    const rows = [...(files.get('docs/errors.md') ?? '').matchAll(/^\| `([a-z_]+)` *\|/gm)].map(
      (match) => match[1] ?? '',
    );
    return [
      ...(codes.length === 0 ? ['lib/errors.ts shows no codes: does this rule still read it right?'] : []),
      ...difference(codes, rows).map((code) => `${code} has no row`),
      ...difference(rows, codes).map((code) => `${code} has a row but is no code`),
      ...twice(rows).map((code) => `${code} has two rows`),
    ];
  },
};

/** Shipped because a package we import names it as its peer. */
const FOR_A_PEER = new Set(['adaptive-expressions']);

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const dependencies: Rule = {
  title: 'pins every package and uses every one it ships',
  why: 'an unpinned package changes under us; an unused one is risk for nothing; a dev package is missing in production',
  fix: 'write exact versions; move or remove the package (FOR_A_PEER names what another package asks us to install)',
  check(files) {
    const manifest = parseManifest(files);
    const shipped = [...files].filter(([path]) => isProduct(path) && !path.startsWith('console/'));
    const imports = shipped.flatMap(([, source]) => importsOf(source));
    const used = new Set(imports.map(({ specifier }) => packageOf(specifier)));
    const needed = new Set(imports.filter(({ typeOnly }) => !typeOnly).map(({ specifier }) => packageOf(specifier)));
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    return [
      ...versions
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name]) => `${name} is not pinned`),
      ...Object.keys(manifest.dependencies)
        .filter((name) => !used.has(name) && !FOR_A_PEER.has(name))
        .map((name) => `${name} is shipped and never imported`),
      ...Object.keys(manifest.devDependencies)
        .filter((name) => needed.has(name))
        .map((name) => `${name} is imported by shipped code and is a dev dependency`),
    ];
  },
};

function parseManifest(files: Files): Manifest {
  return { dependencies: {}, devDependencies: {}, ...JSON.parse(files.get('package.json') ?? '{}') };
}

const startsWithWord = (name: string, word: string) =>
  name.startsWith(word) && !/^[a-z0-9]/i.test(name.slice(word.length));
const difference = (left: readonly string[], right: readonly string[]) => left.filter((one) => !right.includes(one));
const twice = (all: readonly string[]) => [...new Set(all.filter((one, at) => all.indexOf(one) !== at))];
