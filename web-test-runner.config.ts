import { esbuildPlugin } from '@web/dev-server-esbuild'
import { defaultReporter, type TestRunnerConfig, type TestRunnerPlugin } from '@web/test-runner'
import { chosenBrowsers } from './scripts/lib/browsers.ts'
import { diskFiles } from './test/support/browsers/disk-files.ts'
import { launcherOf } from './test/support/browsers/launchers.ts'
import { countReporter } from './test/support/count-reporter.ts'
import { bundled } from './test/support/pages/bundled.ts'
import { freePorts } from './test/support/servers/ports.ts'
import { startTestServers } from './test/support/servers/test-servers.ts'

const [port = 0] = await freePorts(1)

const browsers = chosenBrowsers()

/** Starts buckets and signers for each browser, and tells it where they are. */
function testServers(): TestRunnerPlugin {
  const all = Promise.all(browsers.map(() => startTestServers()))
  const known: string[] = []
  /** The first browser that asks gets the first ones. */
  const serversOf = async (browser: string) => {
    if (!known.includes(browser)) known.push(browser)
    return (await all)[known.indexOf(browser)] ?? Promise.reject(new Error('another browser'))
  }
  return {
    name: 'test-servers',
    async serverStart() {
      await all
    },
    async serverStop() {
      await Promise.all((await all).map((servers) => servers.stop()))
    },
    async serve({ path, query, headers }) {
      if (!path.startsWith('/test-')) return undefined
      const servers = await serversOf(String(headers['user-agent']))
      const { addresses, look, setFaults, takeChecked } = servers
      if (path === '/test-addresses.json') return { body: JSON.stringify(addresses), type: 'json' }
      if (path === '/test-bucket.json') return { body: JSON.stringify(await look()), type: 'json' }
      if (path === '/test-checked.json') {
        return { body: JSON.stringify(takeChecked(Number(query.damage))), type: 'json' }
      }
      if (path !== '/test-faults.json') return undefined
      setFaults(JSON.parse(String(query.faults)))
      return { body: '{}', type: 'json' }
    },
  }
}

/** The elements in real browsers, against real buckets. Loads the built files: run `npm run build` first. */
export default {
  files: 'test/**/*.browser.test.ts',
  nodeResolve: true,
  port,
  // One page at a time: a page in the background gets no animation frames.
  concurrency: 1,
  testsFinishTimeout: 300_000,
  // Ends a test that waits for ever. On a busy machine the slowest takes half of that.
  testFramework: { config: { timeout: 60_000 } },
  plugins: [esbuildPlugin({ ts: true, target: 'es2022' }), testServers(), diskFiles(), bundled()],
  reporters: [defaultReporter({ reportTestProgress: false }), countReporter()],
  // All at once, on two cores too: tests wait more than they compute.
  concurrentBrowsers: 3,
  browsers: browsers.map(launcherOf),
} satisfies TestRunnerConfig
