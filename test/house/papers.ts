import { posix } from 'node:path';
import type { Rule } from './rule.ts';
import type { Files } from './source.ts';

interface Mention {
  page: string;
  text: string;
}

const links: Rule = {
  title: 'links only to pages that exist',
  why: 'a dead link ends the search of whoever follows it',
  fix: 'repair the path; links are relative to the page they stand on',
  check: (files) =>
    mentions(files, /\]\(([^)\s]+)\)/g)
      .filter(({ text }) => !/^([a-z]+:|#)/.test(text))
      .map(({ page, text }) => ({ page, target: posix.join(posix.dirname(page), text.replace(/#.*$/, '')) }))
      .filter(({ target }) => !exists(files, target))
      .map(({ page, target }) => `${page} links to ${target}`),
};

const paths: Rule = {
  title: 'names only files that exist',
  why: 'a page that names a file nobody can open teaches people not to trust it',
  fix: 'repair the name, or write <placeholders> for files that stand for many',
  check: (files) =>
    mentions(files, /`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)
      .filter(
        ({ text }) => exists(files, text.slice(0, text.indexOf('/'))) && !/^(data|node_modules|dist)\//.test(text),
      )
      .filter(({ text }) => !exists(files, text))
      .map(({ page, text }) => `${page} names ${text}`),
};

const scripts: Rule = {
  title: 'names only npm scripts that exist',
  why: 'the first command a newcomer copies must work',
  fix: 'use a script of package.json',
  check(files) {
    const known = Object.keys(JSON.parse(files.get('package.json') ?? '{}').scripts ?? {});
    return mentions(files, /\bnpm run ([\w:-]+)/g)
      .filter(({ text }) => !known.includes(text))
      .map(({ page, text }) => `${page} says npm run ${text}`);
  },
};

const merged: Rule = {
  title: 'holds no marks of a merge',
  why: 'two versions of a page beside each other are neither',
  fix: 'write the one that holds, and take the marks out',
  check: (files) =>
    [...files].flatMap(([path, text]) =>
      text.split('\n').flatMap((line, at) => (MARK.test(line) ? [`${path}:${at + 1} ${line.slice(0, 30)}`] : [])),
    ),
};

/** As git writes it, or as a formatter of papers leaves it: a quote in a quote in a quote. */
const MARK = /^(<{7}|>{7}|(> ){6}>) \S/;

function mentions(files: Files, pattern: RegExp): Mention[] {
  return [...files]
    .filter(([path]) => path.endsWith('.md') && !path.startsWith('test/'))
    .flatMap(([page, text]) => [...text.matchAll(pattern)].map((match) => ({ page, text: match[1] ?? '' })));
}

function exists(files: Files, target: string): boolean {
  const path = target.replace(/\/$/, '');
  return path === '.' || files.has(path) || [...files.keys()].some((one) => one.startsWith(`${path}/`));
}

export const paperRules: readonly Rule[] = [links, paths, scripts, merged];
