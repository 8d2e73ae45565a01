/** What `npm test` runs, stage by stage. */
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type BrowserName, chosenBrowsers } from './browsers.ts'
import { needsNothing, needsOf } from './needs.ts'

/** The parts of the test run, in their order. Those in one row run side by side. */
const ORDER = [
  ['lint', 'types', 'build', 'unit'],
  ['node', 'browser', 'pages'],
  ['package', 'servers'],
  ['examples'],
] as const

/** A part of the test run, as it is selected: `npm test -- node`. */
export type StageName = (typeof ORDER)[number][number]

/** `npm test` runs the first, `npm test -- all` the others too. */
const EVERYDAY: StageName[] = ['lint', 'types', 'build', 'unit', 'node', 'browser', 'pages']

/** Names for some of them. */
const GROUPS: Record<string, StageName[]> = {
  everyday: EVERYDAY,
  all: [...EVERYDAY, 'package', 'servers', 'examples'],
  check: ['lint', 'types'],
}

/** They load what is built, whatever their files import. */
const OF_THE_BUILD: StageName[] = ['browser', 'pages', 'package', 'servers', 'examples']

export interface Stage {
  name: StageName
  title: string
  /** Its test files, relative to the root; none for one that runs no tests. */
  files: string[]
  /** The browsers to run it in, if not in all that are chosen. */
  browsers?: BrowserName[]
}

const TITLES: Record<StageName, string> = {
  lint: 'Lint',
  types: 'Types',
  build: 'Build',
  unit: 'Unit tests',
  node: 'Node tests',
  browser: 'Browser tests',
  pages: 'Page tests',
  package: 'Tests of the package',
  servers: 'Tests with other servers',
  examples: 'Examples',
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The stages that the command line selects, in rows that run one after the other.
 *
 * @param selection names of stages or groups, and test files; a file alone selects its stage
 * @throws {Error} for a name that is not known, or a file that is not there
 */
export function selectStages(selection: string[]): Stage[][] {
  const files = selection.filter((each) => each.endsWith('.test.ts')).flatMap(resolve)
  const names = selection.filter((each) => !each.endsWith('.test.ts')).flatMap(stagesOf)
  const chosen = new Set(names)
  for (const file of files) chosen.add(stageOf(file))
  if (selection.length === 0) for (const name of EVERYDAY) chosen.add(name)
  const rows = ORDER.map((row) =>
    row.filter((name) => chosen.has(name)).flatMap((name) => toStages(name, files)),
  )
  if (!chosen.has('build') && rows.flat().some(needsBuild)) rows.unshift(toStages('build', []))
  return rows.flatMap(spreadBrowsers).filter((row) => row.length > 0)
}

/** Beside other stages runs only one browser: more of them at once make each too slow. */
function spreadBrowsers(row: Stage[]): Stage[][] {
  const inBrowsers = row.filter(({ name }) => name === 'browser')
  const [first, ...others] = inBrowsers.length > 0 ? chosenBrowsers() : []
  if (first === undefined || others.length === 0 || inBrowsers.length === row.length) return [row]
  return [
    row.map((stage) => (stage.name === 'browser' ? { ...stage, browsers: [first] } : stage)),
    inBrowsers.map((stage) => ({
      ...stage,
      title: `${stage.title}, in ${others.join(' and ')}`,
      browsers: others,
    })),
  ]
}

function stagesOf(name: string): StageName[] {
  const known = GROUPS[name] ?? ORDER.flat().filter((each) => each === name)
  if (known.length > 0) return known
  const names = [...ORDER.flat(), ...Object.keys(GROUPS)].join(', ')
  throw new Error(`There is no stage ${name}, only: ${names}`)
}

function resolve(pattern: string): string[] {
  const found = globSync(pattern, { cwd: root }).map((file) => file.replaceAll('\\', '/'))
  if (found.length > 0) return found
  throw new Error(`There is no test file ${pattern}`)
}

function toStages(name: StageName, chosen: string[]): Stage[] {
  const hasTests = !['lint', 'types', 'build'].includes(name)
  if (!hasTests) return [{ name, title: TITLES[name], files: [] }]
  const own = chosen.filter((file) => stageOf(file) === name)
  const files = own.length > 0 ? own : allTests().filter((file) => stageOf(file) === name)
  if (name !== 'browser') return [{ name, title: TITLES[name], files }]
  // A browser draws one page at a time. So two of them share the work: they mostly wait.
  const isOfEngine = (file: string) => file.startsWith('test/engine/')
  return [
    { name, title: 'Browser tests: engine', files: files.filter(isOfEngine) },
    { name, title: 'Browser tests: elements', files: files.filter((file) => !isOfEngine(file)) },
  ].filter((stage) => stage.files.length > 0)
}

let tests: string[] | undefined

function allTests(): string[] {
  tests ??= resolve('test/**/*.test.ts').sort()
  return tests
}

/** A file is in the stage of its folder or its ending, or else where what it imports allows. */
function stageOf(file: string): StageName {
  if (file.endsWith('.browser.test.ts')) return 'browser'
  const folder = file.split('/')[1]
  const name = OF_THE_BUILD.find((each) => each === folder)
  return name ?? (needsNothing(file) ? 'unit' : 'node')
}

/** Whether what a stage runs has to be built. */
export function needsBuild({ name, files }: Stage): boolean {
  return (
    OF_THE_BUILD.includes(name) || (name === 'node' && files.some((file) => needsOf([file]).build))
  )
}

const NODE_COUNTS = fileURLToPath(
  new URL('../../test/support/node-count-reporter.ts', import.meta.url),
)

/** The program of a stage, as found in PATH, and its arguments. */
export function commandOf({ name, files }: Stage, countsFile: string): string[] {
  switch (name) {
    case 'lint':
      return ['biome', 'check', '.']
    case 'types':
      return ['tsc', '--noEmit']
    case 'build':
      // `node --run` is `npm run` without npm's own output.
      return ['node', '--run', 'build']
    case 'browser':
      return ['wtr', '--config', 'web-test-runner.config.ts', '--files', ...files]
    default:
      return [...nodeTest(name, countsFile), ...files]
  }
}

function nodeTest(name: StageName, countsFile: string): string[] {
  return [
    ...['node', '--test'],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${NODE_COUNTS}`, `--test-reporter-destination=${countsFile}`],
    // Ends a test that waits for ever, and with it the wait.
    `--test-timeout=${name === 'examples' ? 600_000 : 120_000}`,
    // Examples listen where their documents say. The others wait more than they compute.
    `--test-concurrency=${name === 'examples' ? 1 : Math.max(2, availableParallelism())}`,
  ]
}
