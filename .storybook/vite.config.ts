import { defineConfig } from 'vite'
import { elementsManifest } from '../scripts/lib/manifest.ts'

/** Controls and docs come from the manifest, which is made anew with each start and build. */
export default defineConfig({
  define: { MANIFEST: JSON.stringify(elementsManifest()) },
})
