/**
 * Runs tests that are written for `node:test` in Stryker: all in one process, which stays, so that
 * a mutant costs only the tests that reach it. A process for each mutant takes a hundred times as long.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { InstrumenterContext } from '@stryker-mutator/api/core'
import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner'
import { CEPH_VARIABLE } from '../servers/gateways.ts'
import { type CollectedTest, collect, runTest, type Suite } from './collect.ts'
import { messages } from './messages.ts'

const COLLECT = new URL('collect.ts', import.meta.url).href
/** What the first process found out, for all of them. */
const FOUND = 'mutants-found.json'

interface Found {
  /** Test files. */
  files: string[]
  /** The tests in them that need no gateway, the quickest first. */
  order: string[]
}

// Nothing listens there: a test that needs a real bucket fails in the dry run, and is left out.
process.env[CEPH_VARIABLE] = JSON.stringify({
  endpoint: 'http://127.0.0.1:9',
  region: 'us-east-1',
  accessKeyId: 'none',
  secretAccessKey: 'none',
})

/**
 * What trying one mutant may compute, in ms of a processor. What every call goes through is run by
 * hundreds of tests, and a mutant in it that the quick ones do not find would take as long as all
 * others. It counts as one that lives, so that the score is never too high.
 */
const BUDGET = 2000

class NodeTestRunner implements TestRunner {
  #tests: CollectedTest[] = []
  /** How often the code was loaded; it is part of the modules' URLs, so that they load again. */
  #loads = 0
  #stray: unknown

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    const scripts = new Map<string, string>()
    const sandbox = pathToFileURL(`${process.cwd()}/`).href
    registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier === 'node:test' && context.parentURL !== COLLECT)
          return { url: COLLECT, shortCircuit: true }
        const found = next(specifier, context)
        const path = found.url.startsWith(sandbox) ? found.url.slice(sandbox.length) : ''
        if (!/^(src|test\/node)\//.test(path)) return found
        return { ...found, url: `${found.url.replace(/\?.*/, '')}?${this.#loads}` }
      },
      load: (url, context, next) => {
        const [file = '', load] = url.split('?')
        if (!load || !file.startsWith(sandbox)) return next(url, context)
        const source =
          scripts.get(file) ?? stripTypeScriptTypes(readFileSync(new URL(file), 'utf8'))
        scripts.set(file, source)
        return { format: 'module', source, shortCircuit: true }
      },
    })
    process.on('unhandledRejection', (reason) => {
      this.#stray = reason
    })
  }

  async dryRun({ testFiles = [] }: DryRunOptions): Promise<DryRunResult> {
    const files = testFiles.map((file) => relative('', file)).sort()
    const all = await this.#load(files)
    const results = await this.#run(all, false)
    const wantsGateway = ({ fileName = '' }) =>
      readFileSync(fileName, 'utf8').includes('cephGateway')
    const isKept = (test: TestResult) => test.status === TestStatus.Success || !wantsGateway(test)
    const kept = results.filter(isKept)
    const byTime = kept.toSorted((one, other) => one.timeSpentMs - other.timeSpentMs)
    const found: Found = { files, order: byTime.map(({ id }) => id) }
    writeFileSync(FOUND, JSON.stringify(found))
    this.#tests = inOrder(all, found)
    const { mutantCoverage } = context()
    const known = new Set(kept.map(({ id }) => id))
    for (const id of Object.keys(mutantCoverage?.perTest ?? {}))
      if (!known.has(id)) delete mutantCoverage?.perTest[id]
    return { status: DryRunStatus.Complete, tests: kept, ...(mutantCoverage && { mutantCoverage }) }
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter, hitLimit, mutantActivation } = options
    const stryker = context()
    const early = mutantActivation === 'static'
    delete stryker.hitLimit
    if (early) stryker.activeMutant = activeMutant.id
    else delete stryker.activeMutant
    if (this.#loads === 0 || options.reloadEnvironment) {
      const found: Found = JSON.parse(readFileSync(FOUND, 'utf8'))
      this.#tests = inOrder(await this.#load(found.files), found)
    }
    Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit })
    const tests = testFilter ? this.#tests.filter(({ id }) => testFilter.includes(id)) : this.#tests
    const results = await this.#run(tests, !options.disableBail)
    const endless = determineHitLimitReached(stryker.hitCount, hitLimit)
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests: results })
  }

  async #load(files: string[]): Promise<CollectedTest[]> {
    this.#loads += 1
    const tests: CollectedTest[] = []
    for (const file of files)
      tests.push(...(await collect(file, () => import(pathToFileURL(resolve(file)).href))))
    return tests
  }

  async #run(tests: CollectedTest[], bail: boolean): Promise<TestResult[]> {
    const open = new Set<Suite>()
    const results: TestResult[] = []
    const start = process.cpuUsage()
    const computed = () => process.cpuUsage(start).user / 1000
    for (const test of tests) {
      if (bail && computed() > BUDGET) break
      context().currentTestId = test.id
      await enter(test.suite, open)
      const result = await this.#result(test)
      results.push(result)
      if (bail && result.status === TestStatus.Failed) break
    }
    for (const suite of [...open].reverse()) await runHooks(suite.after)
    return results
  }

  async #result(test: CollectedTest): Promise<TestResult> {
    const { id } = test
    const start = performance.now()
    const done = () => ({
      id,
      name: id,
      fileName: id.split(' › ')[0] ?? '',
      timeSpentMs: performance.now() - start,
    })
    this.#stray = undefined
    try {
      await runTest(test)
      if (this.#stray !== undefined) throw this.#stray
      return { ...done(), status: TestStatus.Success }
    } catch (error) {
      return { ...done(), status: TestStatus.Failed, failureMessage: String(error) }
    }
  }
}

/** What the mutated code and the runner tell each other by. */
function context(): InstrumenterContext {
  const holder = globalThis as { __stryker__?: InstrumenterContext }
  holder.__stryker__ ??= {}
  return holder.__stryker__
}

function inOrder(tests: CollectedTest[], { order }: Found): CollectedTest[] {
  const places = new Map(order.map((id, place) => [id, place]))
  const place = ({ id }: CollectedTest) => places.get(id) ?? 0
  return tests.filter(({ id }) => places.has(id)).sort((one, other) => place(one) - place(other))
}

async function enter(suite: Suite, open: Set<Suite>): Promise<void> {
  if (open.has(suite)) return
  if (suite.parent) await enter(suite.parent, open)
  open.add(suite)
  await runHooks(suite.before)
}

/** Those that make a bucket fail without a gateway: then the tests that need one fail as well. */
async function runHooks(hooks: (() => unknown)[]): Promise<void> {
  for (const hook of hooks)
    await Promise.resolve()
      .then(hook)
      .catch(() => {})
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'node', NodeTestRunner),
  declareValuePlugin(PluginKind.Ignore, 'messages', messages),
]
