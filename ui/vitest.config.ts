/** Unit tests stand beside the parts they test. Those that need a document say so: making one takes longer than most tests. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'], testTimeout: 120_000 }, // for what hangs; the machine may be busy
});
