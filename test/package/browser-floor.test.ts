/** The built files need no newer browser than package.json and the README say. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ApiVersions, apiVersions, type Versions } from '../support/browsers/api-versions.ts'
import { type Names, namesIn } from '../support/browsers/used-apis.ts'
import { DIST } from '../support/built.ts'

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

/** As browserslist calls them, and MDN. */
const BROWSERS: Record<string, string> = {
  chrome: 'chrome',
  edge: 'edge',
  firefox: 'firefox',
  safari: 'safari',
  ios_saf: 'safari_ios',
}

/** What is newer, or not in every browser, and used only where it is there. */
const GUARDED: Record<string, string> = {
  'Symbol.dispose': 'Uppy makes it a second name of `destroy`',
  canShare: '`canShare?.()`, and no button without it',
  command: 'of an event that only newer browsers fire',
  createPolicy: 'only where there are `trustedTypes`',
  createWritable: 'in `copy-file.js`, which only Chromium loads',
  dispose: 'see `Symbol.dispose`',
  getDisplayMedia: 'no button to record the screen without it, see `canRecord`',
  getAsFileSystemHandle: '`getAsFileSystemHandle?.()`',
  quota: 'see `createWritable`',
  usage: 'see `createWritable`',
}

/** Not what MDN knows by that name. */
const OTHERS: Record<string, string> = {
  emptyScript: 'of `trustedTypes` in MDN, and of `globalThis.trustedTypes?` in Lit',
  memory: 'of a WebAssembly instance',
  provider: 'an option of Uppy',
}

const floor: Versions = Object.fromEntries(
  (JSON.parse(read('package.json')).browserslist as string[]).map((it) => {
    const [, name = '', version] = /^(\w+) >= ([\d.]+)$/.exec(it) ?? []
    return [BROWSERS[name] ?? it, Number(version)]
  }),
)

let known: ApiVersions
before(() => {
  known = apiVersions(Object.keys(floor))
})

/** The names of what this code uses, and no browser of the floor has to have. */
function tooNew({ globals, members, own }: Names): string[] {
  const isNew = (versions: Versions | undefined) =>
    Object.entries(versions ?? {}).some(([browser, version]) => version > (floor[browser] ?? 0))
  return [
    ...[...globals].filter((name) => isNew(known.globals.get(name))),
    ...[...members].filter((name) => !own.has(name) && isNew(known.members.get(name))),
  ].sort()
}

test('the README names the floor', () => {
  const { chrome, edge, firefox, safari, safari_ios } = floor
  assert.deepEqual([edge, safari_ios], [chrome, safari])
  const sentence = `Chrome and Edge from version ${chrome}, Firefox from ${firefox}, and Safari from ${safari}`
  assert.ok(read('README.md').includes(sentence), sentence)
})

test('what is too new is found', () => {
  for (const [code, expected] of [
    ['AbortSignal.any([])', []],
    ['URL.canParse("a")', []],
    ['bytes.toBase64()', ['toBase64']],
    ['const { toBase64 } = bytes', ['toBase64']],
    ['Promise.try(f)', ['Promise.try', 'try']],
    ['new Float16Array(1)', ['Float16Array']],
    ['x = { toBase64() {} }; x.toBase64()', []],
    ['new Scheduler()', ['Scheduler']],
    ['const x = 1; export { x as Scheduler }', []],
  ] as const) {
    assert.deepEqual(tooNew(namesIn(code, 2022)), expected, code)
  }
  assert.throws(() => namesIn('using a = b()', 2022), SyntaxError)
  assert.throws(() => namesIn('/[a--b]/v', 2022), SyntaxError)
})

test('the built files', async (t) => {
  const files = globSync('{cdn/**/*,react,vue,svelte,solid}.js', { cwd: DIST })
  assert.ok(files.length > 50)
  const names = files.map((file) => {
    return { file, names: namesIn(readFileSync(`${DIST}/${file}`, 'utf8'), 2022) }
  })
  const own = new Set(names.flatMap((it) => [...it.names.own]))
  const used = new Set<string>()
  for (const { file, names: its } of names) {
    await t.test(file, () => {
      const found = tooNew({ ...its, own })
      for (const name of found) used.add(name)
      assert.deepEqual(
        found.filter((name) => !(name in GUARDED) && !(name in OTHERS)),
        [],
      )
    })
  }
  await t.test('no exception is left over', () => {
    const exceptions = [...Object.keys(GUARDED), ...Object.keys(OTHERS)]
    assert.deepEqual(
      exceptions.filter((name) => !used.has(name)),
      [],
    )
  })
})
