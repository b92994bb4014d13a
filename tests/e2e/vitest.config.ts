import { defineConfig } from 'vitest/config';

// One after the other: a desktop, a host and a browser each are as much as a small machine carries.
export default defineConfig({
  test: { include: ['tests/**/*.test.ts'], fileParallelism: false, testTimeout: 90_000, hookTimeout: 180_000 },
});
