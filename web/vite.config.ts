import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { compress } from './build/compress.ts';

export default defineConfig({
  plugins: [react(), compress()],
  build: { target: 'es2023', sourcemap: false },
  worker: { format: 'es' },
  // A machine that builds at the same time must not fail a test by its clock.
  test: { testTimeout: 60_000 },
});
