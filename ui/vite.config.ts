/** Builds the page into the Python package: hashed assets, a nonce placeholder, ready-made .br and .gz. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const outDir = '../src/postroom/static';
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };

/** The Python server sends these files as they are, so nothing is compressed at run time. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    closeBundle() {
      const folder = join(import.meta.dirname, outDir, 'assets');
      for (const name of readdirSync(folder)) {
        const file = join(folder, name);
        if (!/\.(js|css|svg|json)$/.test(name) || statSync(file).size < 1024) continue;
        const raw = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(raw, brotli));
        writeFileSync(`${file}.gz`, gzipSync(raw, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }), react(), precompress()],
  resolve: { tsconfigPaths: true }, // the build resolves `#/…` without it, the dev server does not
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false },
    // Everything the Inbox needs before its first rows comes in two files, not in a hundred that wait on each other.
    rolldownOptions: { output: { codeSplitting: { groups: [
      { name: 'vendor', tags: ['$initial'], test: /node_modules/ },
      { name: 'first', tags: ['$initial'] },
    ] } } },
  },
  server: { proxy: { '/api': process.env.POSTROOM_URL ?? 'http://127.0.0.1:8080' } },
});
