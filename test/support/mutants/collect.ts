/**
 * Stands in for `node:test` while mutants are tried: it keeps the tests, and the runner runs them
 * again for each mutant in the same process. It has what the tests of the signer use, and no more.
 */
import { mock } from 'node:test'

type Hook = () => unknown

/** A file, or a `describe` in it. */
export interface Suite {
  name: string
  parent?: Suite
  before: Hook[]
  after: Hook[]
}

/** What a test function gets, as far as the tests of the signer use it. */
interface Context {
  name: string
  mock: Pick<typeof mock, 'method'>
  after(hook: Hook): void
}

/** One test. */
export interface CollectedTest {
  /** The file and all names down to the test's own. */
  id: string
  suite: Suite
  body: (context: Context) => unknown
}

let tests: CollectedTest[] = []
let current: Suite | undefined

/** The tests that a file defines while `load` imports it. */
export async function collect(file: string, load: () => Promise<unknown>) {
  tests = []
  current = { name: file, before: [], after: [] }
  await load()
  return tests
}

function suite(): Suite {
  if (!current) throw new Error('A test was defined outside of its file.')
  return current
}

/** As in node:test. */
export function describe(name: string, body: () => void): void {
  const parent = suite()
  current = { name, parent, before: [], after: [] }
  body()
  current = parent
}

/** As in node:test. */
export function it(name: string, body: CollectedTest['body']): void {
  const names = [name]
  for (let at: Suite | undefined = suite(); at; at = at.parent) names.unshift(at.name)
  tests.push({ id: names.join(' › '), suite: suite(), body })
}

export { it as test }

/** As in node:test. */
export function before(hook: Hook): void {
  suite().before.push(hook)
}

/** As in node:test. */
export function after(hook: Hook): void {
  suite().after.push(hook)
}

/** Runs one test, and then undoes what it did, the last thing first. */
export async function runTest({ id, body }: CollectedTest): Promise<void> {
  const undo: Hook[] = []
  // Node.js undoes the first first, and so leaves what was replaced twice replaced once.
  const method = (...replaced: Parameters<typeof mock.method>) => {
    const replacement = mock.method(...replaced)
    undo.push(() => replacement.mock.restore())
    return replacement
  }
  try {
    await body({
      name: id,
      mock: { method: method as typeof mock.method },
      after: (hook) => void undo.push(hook),
    })
  } finally {
    for (const hook of undo.reverse()) await hook()
  }
}
