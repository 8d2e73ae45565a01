import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestSession, TestSuiteResult } from '@web/test-runner'

/** How many tests of a stage went well, and how many did not. */
export interface Counts {
  passed: number
  failed: number
  /** Those that did not, as `file: test: what went wrong`. */
  failures?: string[]
}

/** Where a reporter writes its counts, if anyone wants to know them. */
export const COUNTS_VARIABLE = 'BUCKET_UPLOAD_COUNTS'

/**
 * A reporter of the browser test runner that says how each browser did, with the tests that it has
 * skipped, and writes the counts of all as JSON, for `npm test` to add up.
 */
export function countReporter(): Reporter {
  return {
    onTestRunFinished({ sessions }) {
      for (const name of new Set(sessions.map(({ browser }) => browser.name))) {
        report(
          name,
          sessions.filter(({ browser }) => browser.name === name),
        )
      }
      const file = process.env[COUNTS_VARIABLE]
      if (file === undefined) return
      const failures = sessions.flatMap(failuresOf)
      writeFileSync(file, JSON.stringify({ ...sum(sessions), failures }))
    },
  }
}

function report(name: string, sessions: TestSession[]): void {
  const { passed, failed } = sum(sessions)
  const skipped = sessions.flatMap(({ testResults }) => skippedIn(testResults))
  const count = skipped.length > 0 ? `, ${skipped.length} skipped:` : ''
  console.log([`${name}: ${passed} passed, ${failed} failed${count}`, ...skipped].join('\n  - '))
}

/** The names of the tests that a browser could not run, for lack of what they are about. */
function skippedIn(suite: TestSuiteResult | undefined): string[] {
  if (suite === undefined) return []
  const own = suite.tests.filter(({ skipped }) => skipped).map(({ name }) => name)
  const names = [...own, ...suite.suites.flatMap(skippedIn)]
  return suite.name ? names.map((name) => `${suite.name} > ${name}`) : names
}

function failuresOf(session: TestSession): string[] {
  const file = relative(process.cwd(), session.testFile)
  const ofFile = session.errors.map(({ message }) => `the file: ${firstLine(message)}`)
  return [...ofFile, ...failedIn(session.testResults)].map(
    (failure) => `${session.browser.name}: ${file}: ${failure}`,
  )
}

function failedIn(suite: TestSuiteResult | undefined): string[] {
  if (suite === undefined) return []
  const own = suite.tests.filter(({ passed, skipped }) => !passed && !skipped)
  const names = own.map(({ name, error }) => `${name}: ${firstLine(error?.message)}`)
  return [...names, ...suite.suites.flatMap(failedIn)]
}

function firstLine(message = ''): string {
  return message.split('\n')[0] ?? ''
}

function sum(sessions: TestSession[]): Counts {
  const counts: Counts = { passed: 0, failed: 0 }
  for (const session of sessions) add(counts, sessionCounts(session))
  return counts
}

function add(total: Counts, more: Counts): void {
  total.passed += more.passed
  total.failed += more.failed
}

/** A file that failed without a failing test, because it did not load for one, counts as one. */
function sessionCounts(session: TestSession): Counts {
  const counts = suiteCounts(session.testResults)
  const failed = session.passed !== true || session.errors.length > 0
  if (failed && counts.failed === 0) counts.failed = 1
  return counts
}

function suiteCounts(suite: TestSuiteResult | undefined): Counts {
  const counts: Counts = { passed: 0, failed: 0 }
  for (const test of suite?.tests ?? []) {
    if (test.skipped) continue
    add(counts, test.passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
  }
  for (const inner of suite?.suites ?? []) add(counts, suiteCounts(inner))
  return counts
}
