import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Repository paths with `/` → text. Rules take this map, so a planted house is as good as the real one. */
export type Files = ReadonlyMap<string, string>;

export interface Import {
  specifier: string;
  typeOnly: boolean;
  /** What stands between `import` and `from`; empty for `import()` and for side effects. */
  names: string;
  line: number;
}

const SKIPPED = new Set(['node_modules', '.git', 'dist', 'data', 'coverage']);

const TEXT = /\.(ts|tsx|js|cjs|json|md|html|css|txt|svg|yaml|cedar|example)$/;

/** Every file of the house below `root`; those that are not text stand there empty, so that links to them resolve. */
export function readHouse(root: string): Files {
  const paths = [...filesBelow(root, '')];
  return new Map(paths.map((path) => [path, TEXT.test(path) ? readFileSync(join(root, path), 'utf8') : '']));
}

function* filesBelow(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isFile()) yield path;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* filesBelow(root, path);
  }
}

export const isCode = (path: string) => /\.tsx?$/.test(path);
/** What ships. Tests, evaluations and measurements may import anything. */
export const isProduct = (path: string) => isCode(path) && !/^(test|evals|bench|deploy)\//.test(path);

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|[`{}/]/g;
/** From just inside a template literal to its end or its next hole. */
const TEMPLATE_PART = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{|$)/y;
const REGEX_LITERAL = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** A slash after one of these divides, or closes a tag. */
const VALUE_BEFORE = /[\w$)\]}<"'`]\s*$/;
const KEYWORD_BEFORE = /\b(return|typeof|case|in|of|do|else|yield|await)\s*$/;

const blank = (text: string) => text.replace(/[^\n]/g, ' ');
const hollow = (text: string) => text.slice(0, 1) + blank(text.slice(1, -1)) + text.slice(1).slice(-1);

/** The same text with comments, regular expressions and (unless kept) strings blanked; every offset and line stays. */
export function maskCode(source: string, { keepStrings = false } = {}): string {
  let masked = '';
  /** Braces open inside each `${` of the templates we are in. */
  const holes: number[] = [];
  const take = (end: number, show: (text: string) => string) => {
    masked += show(source.slice(masked.length, end));
    TOKEN.lastIndex = end;
  };
  const takeTemplate = (at: number) => {
    const end = matchAt(TEMPLATE_PART, source, at);
    if (source.endsWith('${', end)) holes.push(0);
    take(end, blank);
  };
  const onToken: Record<string, (end: number) => void> = {
    '`': takeTemplate,
    '{': () => {
      if (holes.length > 0) holes.push((holes.pop() ?? 0) + 1);
    },
    '}': (end) => {
      const depth = holes.pop();
      if (depth === 0) takeTemplate(end);
      else if (depth !== undefined) holes.push(depth - 1);
    },
    '/': (end) => {
      const near = masked.slice(-20);
      const divides = VALUE_BEFORE.test(near) && !KEYWORD_BEFORE.test(near);
      if (!divides) take(matchAt(REGEX_LITERAL, source, end - 1), blank);
    },
    "'": (end) => take(end, keepStrings ? String : hollow),
    '"': (end) => take(end, keepStrings ? String : hollow),
  };

  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(source); token; token = TOKEN.exec(source)) {
    const [text] = token;
    const end = token.index + text.length;
    masked += source.slice(masked.length, token.index);
    if (/^\/[/*]/.test(text)) take(end, blank);
    else onToken[text.slice(0, 1)]?.(end);
  }
  return masked + source.slice(masked.length);
}

/** Where `pattern` (sticky) ends when it starts at `at`; just past `at` when it does not match. */
function matchAt(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at + 1;
}

const IMPORT =
  /(?<![\w$.])(?:(?:import|export)\s+(?<type>type\s+)?(?<names>[\w$\s{},*]*?)\s*from\s*|import\s*|import\s*\(\s*|require\s*\(\s*)(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g;

/** Every `import`, `export … from`, `import()` and `require()` of one file, comments left out. */
export function importsOf(source: string): Import[] {
  const code = maskCode(source, { keepStrings: true });
  const bare = maskCode(source);
  const found = [...code.matchAll(IMPORT)].filter((match) => bare[match.index] !== ' ');
  return found.map((match) => ({
    specifier: match.groups?.specifier ?? '',
    typeOnly: isTypeOnly(match.groups?.type, match.groups?.names ?? ''),
    names: (match.groups?.names ?? '').trim(),
    line: lineAt(code, match.index),
  }));
}

/** `import type …`, or braces in which every name is marked `type`. */
function isTypeOnly(keyword: string | undefined, names: string): boolean {
  if (keyword !== undefined) return true;
  const inBraces = /^\s*\{([^}]*)\}\s*$/.exec(names)?.[1];
  if (inBraces === undefined) return false;
  const each = inBraces.split(',').filter((name) => name.trim() !== '');
  return each.length > 0 && each.every((name) => /^\s*type\s/.test(name));
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The repository path a relative import leads to; undefined for packages and Node's own modules. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** `@aws-sdk/client-ec2/dist` → `@aws-sdk/client-ec2`; undefined for relative paths and `node:`. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:|virtual:)/.test(specifier)) return undefined;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}
