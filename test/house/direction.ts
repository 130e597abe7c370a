import type { Rule } from './rule.ts';
import { type Files, type Import, importsOf, isProduct, resolveImport } from './source.ts';

/** The law: a file imports from its own room and from rooms left of it. */
const ROOMS = ['lib', 'store', 'cards', 'tools', 'approvals', 'bot', 'workflows', 'adapters', 'main'];

/** The only code the browser shares with the house; all else it takes from there is types. */
const SHARED_WITH_CONSOLE = new Set([
  'cards/adaptive/host-config.ts',
  'cards/adaptive/markdown.ts',
  'cards/wording.ts',
]);

const roomOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : 'main');

const direction: Rule = {
  title: 'imports only from rooms to the left',
  why: 'a room that knows nothing of the rooms after it can be read, tested and replaced alone',
  fix: `move the shared part left, or pass it in; the order is ${ROOMS.join(' → ')}`,
  check: (files) => everyImport(files).flatMap(({ from, to, one }) => wrongWay(from, to, one)),
};

function wrongWay(from: string, to: string, { typeOnly, line }: Import): string[] {
  const [here, there] = [roomOf(from), roomOf(to)];
  if (here === there) return [];
  if (here === 'console') {
    if (typeOnly || SHARED_WITH_CONSOLE.has(to)) return [];
    return [`${from}:${line} takes a value from ${to}; the console may take types only`];
  }
  const [rank, target] = [ROOMS.indexOf(here), ROOMS.indexOf(there)];
  if (rank === -1) return [`${from}:${line} stands in '${here}', which is no room of the law`];
  return target !== -1 && target < rank ? [] : [`${from}:${line} imports ${to}`];
}

const cycles: Rule = {
  title: 'has no import cycles',
  why: 'two files that need each other are one idea cut in the wrong place',
  fix: 'put what both need into a third file, or turn the call round with a parameter',
  check(files) {
    const graph = new Map<string, string[]>();
    for (const { from, to } of everyImport(files)) graph.set(from, [...(graph.get(from) ?? []), to]);
    return [...graph.keys()].flatMap((start) => cycleFrom(start, graph));
  },
};

/** A way from `start` back to itself, told once: by its first file in the alphabet. */
function cycleFrom(start: string, graph: ReadonlyMap<string, string[]>): string[] {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let here = queue.shift(); here !== undefined; here = queue.shift()) {
    for (const next of graph.get(here) ?? []) {
      if (next === start) return describeCycle(start, here, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, here);
      queue.push(next);
    }
  }
  return [];
}

function describeCycle(start: string, last: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [start];
  for (let at: string | undefined = last; at !== undefined && at !== start; at = cameFrom.get(at)) path.unshift(at);
  const isFirst = path.every((file) => file >= start);
  return isFirst ? [[start, ...path].join(' → ')] : [];
}

const resolved: Rule = {
  title: 'imports only files that exist, by their whole name',
  why: 'Node runs the TypeScript as it is and guesses no endings',
  fix: 'write the path with its .ts, .tsx or .json ending',
  check: (files) =>
    everyImport(files)
      .filter(({ to }) => !files.has(to) && !to.endsWith('.css'))
      .map(({ from, to, one }) => `${from}:${one.line} imports ${to}, which is not there`),
};

function everyImport(files: Files): { from: string; to: string; one: Import }[] {
  return [...files]
    .filter(([path]) => isProduct(path))
    .flatMap(([from, source]) =>
      importsOf(source).flatMap((one) => {
        const to = resolveImport(from, one.specifier);
        return to === undefined ? [] : [{ from, to, one }];
      }),
    );
}

export const directionRules: readonly Rule[] = [direction, cycles, resolved];
