import { relative, resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** Native code and WebAssembly are found by where their packages lie; of the last, Node would warn at each start that it uses a module of old. */
const AS_PACKAGES = ['better-sqlite3', '@cedar-policy/cedar-wasm', 'msgpackr-extract', 'whatwg-url'];

/**
 * `npm run bundle`: the program and its packages as the few files that a start really loads, in `dist/`. Run as `node dist/main.js serve`; what it reads beside
 * (rules, prompt, console, the thread for commits) stays where it is. Names are kept: errors are known by them.
 */
export default defineConfig({
  root,
  plugins: [
    {
      name: 'own-place',
      // A file of ours looks for its neighbours from where it lay, not from where the bundle lies.
      transform(code, id) {
        if (!id.startsWith(root) || id.includes('/node_modules/') || !code.includes('import.meta.url'))
          return undefined;
        const source = JSON.stringify(`../${relative(root, id)}`);
        return code.replaceAll('import.meta.url', `new URL(${source}, import.meta.url).href`);
      },
    },
  ],
  ssr: { noExternal: true, external: AS_PACKAGES },
  build: {
    ...{ ssr: 'main.ts', outDir: 'dist', emptyOutDir: true, copyPublicDir: false, target: 'node24', minify: false },
    rolldownOptions: { output: { chunkFileNames: '[name]-[hash].js' } },
  },
});
