/** `node scripts/manifest.ts`, a part of `npm run build`: writes dist/custom-elements.json. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { elementsManifest } from './lib/manifest.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
mkdirSync(dist, { recursive: true })
writeFileSync(`${dist}/custom-elements.json`, `${JSON.stringify(elementsManifest(), null, 2)}\n`)
