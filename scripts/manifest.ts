/**
 * `node scripts/manifest.ts`, a part of `npm run build`: writes what editors and tools know of our
 * elements into dist: the custom-elements manifest, and what is made of it for VS Code and JetBrains;
 * and the one stylesheet, which is not bundled with anything.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration'
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration'
import { elementsManifest } from './lib/manifest.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
mkdirSync(dist, { recursive: true })
const manifest = elementsManifest()
writeFileSync(`${dist}/custom-elements.json`, `${JSON.stringify(manifest, null, 2)}\n`)
// Their types are those of another version of the manifest's schema.
const known = manifest as object as Parameters<typeof generateJetBrainsWebTypes>[0]
generateVsCodeCustomElementData(known, {
  ...{ outdir: dist, hideLogs: true },
  htmlFileName: 'vscode.html-custom-data.json',
  cssFileName: 'vscode.css-custom-data.json',
})
generateJetBrainsWebTypes(known, { outdir: dist, hideLogs: true, packageJson: false })
cpSync(`${dist}/../src/placeholder.css`, `${dist}/placeholder.css`)
