import { defineConfig } from 'vite'

const packages = [/^lit/, /^@uppy\//, /^aws4fetch/, /^node:/]

/**
 * `vite build` makes one file for each entry of package.json, which leaves the dependencies to the
 * application's bundler. `vite build --mode cdn` makes the one file with everything inside.
 */
export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        define: { 'process.env.NODE_ENV': '"production"' },
        build: {
          target: 'es2022',
          outDir: 'dist/cdn',
          sourcemap: true,
          lib: { entry: 'src/cdn.ts', formats: ['es'], fileName: () => 'bucket-upload.js' },
          // Vite keeps the white space of libraries, for the sake of bundlers; this file is for browsers.
          rolldownOptions: { output: { minify: true } },
        },
      }
    : {
        build: {
          target: 'es2022',
          sourcemap: true,
          minify: false,
          lib: {
            formats: ['es'],
            entry: {
              index: 'src/index.ts',
              define: 'src/define.ts',
              engine: 'src/engine/index.ts',
              protocol: 'src/protocol/index.ts',
              server: 'src/server/index.ts',
              'server-node': 'src/server/node.ts',
            },
          },
          rolldownOptions: { external: packages, output: { chunkFileNames: 'shared/[name].js' } },
        },
      },
)
