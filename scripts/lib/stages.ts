/** What `npm test` runs, stage by stage. */
import { fileURLToPath } from 'node:url'

/** A part of the test run. */
export interface Stage {
  /** How to select it: `npm test -- node`. */
  name: 'check' | 'build' | 'node' | 'browser' | 'pages' | 'servers' | 'examples'
  title: string
  /** The program, as found in PATH, and its arguments. */
  command: string[]
  /**
   * Whether it writes how many tests it ran, to `countsFile`. One that does not counts as one failed
   * test when it fails, and as none when it passes.
   */
  counts: boolean
}

const NODE_COUNTS = fileURLToPath(
  new URL('../../test/support/node-count-reporter.ts', import.meta.url),
)

/** Where the tests of each stage are that run in Node.js. */
const FOLDERS = {
  node: '{cli,demo,docs,elements,engine,i18n,package,protocol,s3,server,util}',
  pages: 'pages',
  servers: 'servers',
  examples: 'examples',
}

/** All stages in their order; `files` limit the selected one to some of its test files. */
export function allStages(countsFile: string, files: string[] = []): Stage[] {
  return [
    { name: 'check', title: 'Lint', command: ['biome', 'check', '.'], counts: false },
    { name: 'check', title: 'Types', command: ['tsc', '--noEmit'], counts: false },
    // `node --run` is `npm run` without npm's own output.
    { name: 'build', title: 'Build', command: ['node', '--run', 'build'], counts: false },
    nodeStage('node', 'Node tests', countsFile, files),
    {
      name: 'browser',
      title: 'Browser tests',
      command: ['wtr', '--config', 'web-test-runner.config.ts', ...filesOption(files)],
      counts: true,
    },
    nodeStage('pages', 'Page tests', countsFile, files),
    nodeStage('servers', 'Tests with other servers', countsFile, files),
    // One after the other: they listen where their documents say.
    nodeStage('examples', 'Examples', countsFile, files, ['--test-concurrency=1']),
  ]
}

function filesOption(files: string[]): string[] {
  return files.length > 0 ? ['--files', ...files] : []
}

function nodeStage(
  name: 'node' | 'pages' | 'servers' | 'examples',
  title: string,
  countsFile: string,
  files: string[],
  options: string[] = [],
): Stage {
  const reporters = [
    ['--test-reporter=spec', '--test-reporter-destination=stdout'],
    [`--test-reporter=${NODE_COUNTS}`, `--test-reporter-destination=${countsFile}`],
  ].flat()
  const tests = files.length > 0 ? files : [`test/${FOLDERS[name]}/**/!(*.browser).test.ts`]
  // Ends a test that waits for ever, and with it the wait.
  const limit = `--test-timeout=${name === 'examples' ? 600_000 : 120_000}`
  const command = ['node', '--test', limit, ...options, ...reporters, ...tests]
  return { name, title, command, counts: true }
}
