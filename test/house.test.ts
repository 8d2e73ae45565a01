/**
 * Holds the structure of the source: which folder may import which, no circles, doors, and sizes. An
 * import of a type counts as one of a value.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../src', import.meta.url))

/** What each folder and file of src may import. */
const MAY_IMPORT: Record<string, string[]> = {
  protocol: [],
  util: [],
  s3: ['protocol', 'util'],
  engine: ['protocol', 's3', 'util'],
  server: ['protocol', 's3', 'util'],
  cli: ['server', 'protocol', 's3', 'util'],
  i18n: ['engine', 'util'],
  locales: ['i18n'],
  elements: ['i18n', 'engine', 'protocol', 'util'],
  'index.ts': ['elements', 'i18n', 'engine'],
  'define.ts': ['index.ts', 'elements', 'engine'],
  'recorder.ts': ['define.ts', 'elements'],
  'cdn.ts': ['define.ts', 'recorder.ts', 'locales', 'i18n'],
  frameworks: ['define.ts', 'recorder.ts', 'index.ts', 'elements', 'locales', 'i18n', 'engine'],
}

/** Folders in which each file is a door. All others are entered by their index.ts. */
const OPEN = ['s3', 'util', 'i18n', 'locales']

/** Further doors. */
const DOORS = [
  ...['durable-objects', 'postgres', 'redis'].map((name) => `server/counters/${name}.ts`),
  ...['server/http/node.ts', 'server/internal.ts'],
  'elements/bucket-upload-recorder/bucket-upload-recorder.ts',
]

/** Where tags are registered. */
const REGISTERING = ['define.ts', 'recorder.ts']

/** Data, one file for each language. */
const DATA = 'locales'

const MOST_FILES = 16
const MOST_LINES = 400

interface Import {
  from: string
  /** The path from src, or the name of a package. */
  to: string
  isOurs: boolean
}

const files = globSync('**/*.ts', { cwd: root })
  .map((file) => file.replaceAll('\\', '/'))
  .sort()
const texts = new Map(files.map((file) => [file, readFileSync(`${root}/${file}`, 'utf8')]))
const imports = files.flatMap(importsOf)
const ours = imports.filter(({ isOurs }) => isOurs)

function importsOf(from: string): Import[] {
  const text = texts.get(from) ?? ''
  const found = text.matchAll(
    /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
  )
  return [...found].map(([, ...paths]) => {
    const path = paths.find(Boolean) ?? ''
    const isOurs = path.startsWith('.')
    return { from, to: isOurs ? posix.join(posix.dirname(from), path) : path, isOurs }
  })
}

const partOf = (file: string) => file.split('/')[0] ?? ''
const folderOf = (file: string) => posix.dirname(file)
const show = ({ from, to }: Import) => `${from} imports ${to}`

/** The circles in a graph, each as the nodes in it (Tarjan's algorithm). */
function circlesIn(edges: [string, string][]): string[][] {
  const next = Map.groupBy(edges, ([from]) => from)
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const circles: string[][] = []
  const visit = (node: string) => {
    index.set(node, index.size)
    low.set(node, index.size - 1)
    stack.push(node)
    for (const [, to] of next.get(node) ?? []) {
      if (!index.has(to)) visit(to)
      if (stack.includes(to)) low.set(node, Math.min(low.get(node) ?? 0, low.get(to) ?? 0))
    }
    if (low.get(node) !== index.get(node)) return
    const circle = stack.splice(stack.indexOf(node))
    if (circle.length > 1) circles.push(circle.sort())
  }
  for (const [from] of edges) if (!index.has(from)) visit(from)
  return circles
}

test('each folder imports only what is below it', () => {
  assert.deepEqual([...new Set(files.map(partOf))].sort(), Object.keys(MAY_IMPORT).sort())
  const wrong = ours.filter(({ from, to }) => {
    const [part, other] = [partOf(from), partOf(to)]
    return part !== other && !MAY_IMPORT[part]?.includes(other)
  })
  assert.deepEqual(wrong.map(show), [])
})

test('a folder is entered by its door', () => {
  const wrong = ours.filter(({ from, to }) => {
    const other = partOf(to)
    if (partOf(from) === other || other.endsWith('.ts') || OPEN.includes(other)) return false
    return to !== `${other}/index.ts` && !DOORS.includes(to)
  })
  assert.deepEqual(wrong.map(show), [])
})

test('no files import each other in a circle', () => {
  assert.deepEqual(circlesIn(ours.map(({ from, to }) => [from, to])), [])
})

test('no folders import each other in a circle', () => {
  // A door stands for what is behind it: an index may name all the rooms of its folder.
  const inner = ours.filter(({ from }) => posix.basename(from) !== 'index.ts')
  const edges = inner.map(({ from, to }): [string, string] => [folderOf(from), folderOf(to)])
  assert.deepEqual(circlesIn(edges.filter(([from, to]) => from !== to)), [])
})

test('only src/engine/transport imports Uppy', () => {
  const wrong = imports.filter(
    ({ from, to }) => to.startsWith('@uppy/') && folderOf(from) !== 'engine/transport',
  )
  assert.deepEqual(wrong.map(show), [])
})

test('only src/s3 knows the hosts of providers', () => {
  const hosts = /storjshare|qencode\.com|appdomain|amazonaws\.com/
  // Documentation may be named anywhere.
  const code = (file: string) => (texts.get(file) ?? '').replace(/^ *(\*|\/\/|\/\*).*$/gm, '')
  const wrong = files.filter((file) => partOf(file) !== 's3' && hosts.test(code(file)))
  assert.deepEqual(wrong, [])
})

test(`a folder holds at most ${MOST_FILES} files, a file ${MOST_LINES} lines`, () => {
  const code = files.filter((file) => partOf(file) !== DATA)
  const folders = Map.groupBy(code, folderOf)
  const full = [...folders].filter(([, inside]) => inside.length > MOST_FILES)
  assert.deepEqual(
    full.map(([folder, inside]) => `${folder}: ${inside.length}`),
    [],
  )
  const long = code.filter((file) => (texts.get(file) ?? '').split('\n').length > MOST_LINES + 1)
  assert.deepEqual(long, [])
})

test('an element, its file, its folder and its tag have one name', () => {
  const tags = REGISTERING.flatMap((file) => [
    ...(texts.get(file) ?? '').matchAll(/^ {2}'([\w-]+)': (\w+),$/gm),
  ])
  assert.ok(tags.length > 0)
  for (const [, tag = '', name = ''] of tags) {
    const text = texts.get(`elements/${tag}/${tag}.ts`) ?? ''
    const pascal = tag.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
    assert.equal(name, pascal)
    assert.match(text, new RegExp(`^export class ${name} `, 'm'))
  }
})
