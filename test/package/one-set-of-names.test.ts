/** Manifest, editors' data, wrappers, classes and documents name the same things. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ElementDeclaration, elementsManifest } from '../../scripts/lib/manifest.ts'
import { TAGS_FILE, tagsSource } from '../../scripts/lib/tags.ts'
import * as react from '../../src/frameworks/react/index.ts'
import { TAGS } from '../../src/frameworks/tags.ts'
import * as vue from '../../src/frameworks/vue/index.ts'
import * as family from '../../src/index.ts'
import * as recorder from '../../src/recorder.ts'

const library = { ...family, ...recorder }
const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const json = (path: string) => JSON.parse(read(path))

interface Named {
  name: string
}
interface WebType extends Named {
  attributes: Named[]
  slots?: Named[]
  js: { properties?: Named[]; events?: Named[] }
}

const elements = elementsManifest().modules.flatMap(
  ({ declarations = [] }) => declarations as ElementDeclaration[],
)
const names = (items: Named[] = []) => [...new Set(items.map(({ name }) => name))].sort()

test('the table for the wrappers is what the manifest says', () => {
  const format = ['format', `--stdin-file-path=${TAGS_FILE}`]
  const input = tagsSource()
  const fresh = execFileSync(`${root}node_modules/.bin/biome`, format, { cwd: root, input })
  assert.equal(read(TAGS_FILE), fresh.toString(), 'Run: node scripts/tags.ts')
})

const { html, css } = json('dist/web-types.json').contributions
const webTypes: WebType[] = html.elements
const vscode: (Named & { attributes: Named[] })[] = json('dist/vscode.html-custom-data.json').tags

test('editors know every part and every custom property', () => {
  const parts = elements.flatMap(({ cssParts = [] }) => cssParts)
  const properties = elements.flatMap(({ cssProperties = [] }) => cssProperties)
  const { properties: known, pseudoElements } = json('dist/vscode.css-custom-data.json')
  assert.deepEqual(names(known), names(properties))
  assert.deepEqual(names(css.properties), names(properties))
  assert.deepEqual(
    names(css['pseudo-elements']),
    names(parts).map((name) => `part(${name})`),
  )
  assert.deepEqual(
    names(pseudoElements),
    names(parts).map((name) => `::part(${name})`),
  )
})

for (const element of elements) {
  const { tagName = '', name, attributes, events, slots } = element
  const members = (element.members ?? []).filter(({ kind }) => kind === 'field')

  test(`<${tagName}>: JetBrains' and VS Code's data name what the manifest names`, () => {
    const type = webTypes.find((it) => it.name === tagName)
    assert.ok(type)
    assert.deepEqual(names(type.attributes), names(attributes))
    assert.deepEqual(names(type.slots), names(slots))
    assert.deepEqual(names(type.js.properties), names(members))
    assert.deepEqual(names(type.js.events), names(events))
    const tag = vscode.find((it) => it.name === tagName)
    assert.deepEqual(names(tag?.attributes), names(attributes))
  })

  test(`<${tagName}>: the class has its attributes, properties and methods`, () => {
    const type = (library as unknown as Record<string, CustomElementConstructor>)[name]
    assert.ok(type)
    const { observedAttributes = [] } = type as { observedAttributes?: string[] }
    assert.deepEqual([...observedAttributes].sort(), names(attributes))
    for (const member of element.members ?? [])
      assert.ok(member.name in type.prototype, member.name)
  })

  test(`<${tagName}>: React and Vue have a component of it`, () => {
    assert.equal((react as Record<string, { displayName?: string }>)[name]?.displayName, name)
    const component = (vue as unknown as Record<string, { name: string; emits: string[] }>)[name]
    assert.equal(component?.name, name)
    const emitted = component?.emits.filter((it) => it !== 'update:modelValue') ?? []
    assert.deepEqual([...emitted].sort(), names(events))
    assert.ok(tagName in TAGS)
  })
}

test('the documents have every attribute, event, method and property of <bucket-upload>', () => {
  const [element] = elements.filter(({ tagName }) => tagName === 'bucket-upload')
  const text = read('docs/bucket-upload.md')
  const events = read('docs/events.md')
  const methods = (element?.members ?? []).filter(({ kind }) => kind === 'method')
  // Those that every form field has are the browser's to explain.
  const ofFields = new Set(Object.keys(ofForms))
  for (const { name } of [...(element?.attributes ?? []), ...(element?.slots ?? [])]) {
    if (name !== '') assert.ok(text.includes(`\`${name}\``), name)
  }
  for (const { name } of methods) {
    if (!ofFields.has(name)) assert.match(text, new RegExp(`\`${name}\\(`), name)
  }
  for (const { name } of element?.events ?? []) {
    if (name !== 'input' && name !== 'change') assert.ok(events.includes(`| \`${name}\` |`), name)
  }
})

const ofForms = { checkValidity: 0, reportValidity: 0, setCustomValidity: 0, focus: 0, blur: 0 }
