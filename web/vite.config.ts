import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './build/compress.ts';

export default defineConfig({
  plugins: [react(), compress()],
  build: { target: 'es2023', sourcemap: false },
  worker: { format: 'es' },
});
