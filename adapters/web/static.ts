import { readFile, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** The build puts a hash of the content into the names of this folder. */
const hashedFolder = '/assets/';

const notBuilt = 'The web console is not built yet: run `npm run build`, then load this page again.\n';

/** Answers with a file of the built console; false when there is none by that name. `path` is the percent-decoded URL path. */
export async function serveStatic(
  root: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const file = await findFile(root, path === '/' ? '/index.html' : path);
  if (!file) return path === '/' ? sayNotBuilt(response) : false;
  const etag = `"${file.size.toString(16)}-${Math.trunc(file.mtimeMs).toString(16)}"`;
  response.setHeader('etag', etag);
  response.setHeader(
    'cache-control',
    path.startsWith(hashedFolder) ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return true;
  }
  const bytes = await readFile(file.path);
  const type = contentTypes[extname(file.path)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
  return true;
}

/** The real file behind a path, links followed, if it lies inside the real root. */
async function findFile(
  root: string,
  path: string,
): Promise<{ path: string; size: number; mtimeMs: number } | undefined> {
  if (/[\0\\%]/.test(path) || path.split('/').some((part) => part.startsWith('.'))) return undefined;
  try {
    const realRoot = await realpath(root);
    const real = await realpath(join(realRoot, path));
    if (!real.startsWith(realRoot + sep)) return undefined;
    const found = await stat(real);
    return found.isFile() ? { path: real, size: found.size, mtimeMs: found.mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

function sayNotBuilt(response: ServerResponse): true {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(notBuilt);
  return true;
}
