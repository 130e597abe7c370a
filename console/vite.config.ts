import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Static files only: adapters/web serves `console/dist` under a policy that allows no inline script. */
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Pictures stay files: nothing but the cards' own charts is ever a data: address.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'cards', test: /node_modules[\\/]adaptivecards[\\/]/, priority: 2 },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|@tanstack)[\\/]/, priority: 2 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3978' } },
});
