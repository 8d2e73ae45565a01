import { esbuildPlugin } from '@web/dev-server-esbuild'
import { defaultReporter, type TestRunnerConfig, type TestRunnerPlugin } from '@web/test-runner'
import { chromeLauncher } from '@web/test-runner-chrome'
import { findChromium } from './scripts/lib/chromium.ts'
import { chromiumFlags } from './test/support/browser.ts'
import { countReporter } from './test/support/count-reporter.ts'
import { freePorts } from './test/support/ports.ts'
import { startTestServers } from './test/support/test-servers.ts'

const [port = 0] = await freePorts(1)
const origin = `http://localhost:${port}`

/** Starts the buckets and signers, and tells the browser where they are. */
function testServers(): TestRunnerPlugin {
  const servers = startTestServers(origin)
  return {
    name: 'test-servers',
    async serverStart() {
      await servers
    },
    async serverStop() {
      await (await servers).stop()
    },
    async serve({ path, query }) {
      const { addresses, look, setFaults, takeChecked } = await servers
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

/** The elements in a real Chromium, against real buckets. Loads the built files: run `npm run build` first. */
export default {
  files: 'test/browser/**/*.test.ts',
  nodeResolve: true,
  port,
  // One page at a time: a page in the background gets no animation frames.
  concurrency: 1,
  testsFinishTimeout: 300_000,
  testFramework: { config: { timeout: 30_000 } },
  plugins: [esbuildPlugin({ ts: true, target: 'es2022' }), testServers()],
  reporters: [defaultReporter({ reportTestProgress: false }), countReporter()],
  browsers: [
    chromeLauncher({ launchOptions: { executablePath: findChromium(), args: chromiumFlags } }),
  ],
} satisfies TestRunnerConfig
