import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ClassField, ClassMethod } from 'custom-elements-manifest/schema'
import { Application } from 'typedoc'
import { type ElementDeclaration, elementsManifest } from './manifest.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Modules whose types are described, by the names under which they are imported. */
const MODULES = {
  engine: 'src/engine/index.ts',
  protocol: 'src/protocol/index.ts',
  server: 'src/server/index.ts',
}

/** The example that runs on the page of an element: the props of `LiveUpload.vue`. */
const EXAMPLES: Record<string, string> = {
  'bucket-upload': `:attributes="{ label: 'Your files', multiple: '' }"`,
  'bucket-upload-field': `tag="bucket-upload-field" :attributes="{ label: 'Your CV', accept: '.pdf' }"`,
  'bucket-upload-button': partsExample(['button', 'list']),
  'bucket-upload-drop-zone': partsExample(['drop-zone', 'list']),
  'bucket-upload-list': partsExample(['list'], 'files'),
  'bucket-upload-progress': partsExample(['progress'], 'files'),
  'bucket-upload-messages': partsExample(['button', 'messages'], 'rejected'),
  'bucket-upload-interrupted': partsExample(['interrupted'], 'interrupted'),
  'bucket-upload-existing': partsExample(['existing'], 'existing'),
}

function partsExample(names: string[], sample?: string): string {
  const parts = names.map((name) => `'bucket-upload-${name}'`).join(', ')
  const start = sample === undefined ? '' : ` sample="${sample}"`
  return `:attributes="{ label: 'Your files', multiple: '' }" :parts="[${parts}]"${start}`
}

/** Says that every error class has what `Error` has. */
const FROM_ERROR = /^#+ (?:Overrides|Inherited from)\n\n`Error\.\w+`\n\n/gm

/** Writes the API reference: a page for each element and each module. */
export async function writeApiPages(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(`${folder}/elements`, { recursive: true })
  const elements = elementsManifest().modules.flatMap(
    ({ declarations = [] }) => declarations as ElementDeclaration[],
  )
  for (const element of elements) {
    writeFileSync(`${folder}/elements/${element.tagName}.md`, elementPage(element))
  }
  await writeModules(`${folder}/modules`)
}

async function writeModules(out: string): Promise<void> {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: Object.values(MODULES).map((path) => `${root}${path}`),
    tsconfig: `${root}tsconfig.build.json`,
    skipErrorChecking: true,
    readme: 'none',
    disableSources: true,
    // Named, since TypeDoc empties the folder that it writes to, and takes docs for its own.
    outputs: [{ name: 'markdown', path: out }],
    cleanOutputDir: false,
    // What classes have from EventTarget and Error.
    excludeExternals: true,
    logLevel: 'Error',
    ...{ outputFileStrategy: 'modules', hidePageHeader: true, hideBreadcrumbs: true },
    ...{
      modulesFileName: 'all',
      entryFileName: 'all',
      useCodeBlocks: true,
      sanitizeComments: true,
      // With a heading for each of its names, one function fills a window.
      parametersFormat: 'table',
    },
  } as object)
  const project = await app.convert()
  if (project === undefined) throw new Error('TypeDoc could not read the modules.')
  await app.generateOutputs(project)
  // A list of the modules, which the sidebar is already.
  rmSync(`${out}/all.md`)
  for (const name of Object.keys(MODULES)) {
    const page = `${out}/${name}.md`
    const text = readFileSync(page, 'utf8').replace(/\(#[\w-]+\)/g, anchorOfSite)
    const mended = text.replace(FROM_ERROR, '').replaceAll('| `undefined` |\n', '| |\n')
    writeFileSync(page, mended.replaceAll('__namedParameters', 'options'))
  }
}

/** The site makes its anchors in another way than TypeDoc believes. */
function anchorOfSite(link: string): string {
  return link.replaceAll('_', '-').replace(/-\d+\)$/, ')')
}

function elementPage(element: ElementDeclaration): string {
  const { tagName = '', name, description = '', members = [] } = element
  const fields = members.filter(({ kind }) => kind === 'field') as ClassField[]
  const methods = members.filter(({ kind }) => kind === 'method') as ClassMethod[]
  const parts: [title: string, head: string[], rows: string[][]][] = [
    [
      'Attributes',
      ['attribute', 'type', 'description'],
      (element.attributes ?? []).map((it) => [code(it.name), type(it), text(it.description)]),
    ],
    [
      'Properties',
      ['property', 'type', 'description'],
      fields.map((it) => [
        code(it.name),
        type(it),
        `${'readonly' in it && it.readonly ? 'Read only. ' : ''}${text(it.description)}`,
      ]),
    ],
    [
      'Methods',
      ['method', 'returns', 'description'],
      methods.map((it) => [code(signature(it)), type(it.return ?? {}), text(it.description)]),
    ],
    [
      'Events',
      ['event', 'type', 'description'],
      (element.events ?? []).map((it) => [code(it.name), type(it), text(it.description)]),
    ],
    [
      'Slots',
      ['slot', 'description'],
      (element.slots ?? []).map((it) => [code(it.name || '(default)'), text(it.description)]),
    ],
    [
      'Parts',
      ['part', 'description'],
      (element.cssParts ?? []).map((it) => [code(`::part(${it.name})`), text(it.description)]),
    ],
    [
      'States',
      ['state', 'description'],
      (element.cssStates ?? []).map((it) => [code(`:state(${it.name})`), text(it.description)]),
    ],
    [
      'Custom properties',
      ['property', 'default', 'description'],
      (element.cssProperties ?? []).map((it) => [
        code(it.name),
        code(it.default ?? ''),
        text(it.description),
      ]),
    ],
  ]
  const tables = parts
    .filter(([, , rows]) => rows.length > 0)
    .map(([title, head, rows]) => `## ${title}\n\n${table(head, rows)}`)
  const example = EXAMPLES[tagName]
  const live = example ? `<LiveUpload ${example} />\n\n` : ''
  return `# ${tagName}\n\n${escapeTags(description)}\n\n${live}The class is \`${name}\`.\n\n${tables.join('\n')}`
}

function signature({ name, parameters = [] }: ClassMethod): string {
  return `${name}(${parameters.map((it) => `${it.name}${it.optional ? '?' : ''}`).join(', ')})`
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`
  return `${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}`
}

const code = (it: string) => (it === '' ? '' : `\`${it.replaceAll('|', '\\|')}\``)
const type = (it: { type?: { text: string } }) => code((it.type?.text ?? '').replace(/\s+/g, ' '))
const text = (it = '') => escapeTags(it).replace(/\s+/g, ' ').replaceAll('|', '\\|')

/** Outside of code a tag would be one. */
function escapeTags(it: string): string {
  return it
    .split(/(```[\s\S]*?```|`[^`]*`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replaceAll('<', '&lt;')))
    .join('')
}
