import type { TestEvent } from 'node:test/reporters'

/** A reporter of Node's test runner that writes the counts as JSON, for `npm test` to add up. */
export default async function* countReporter(events: AsyncIterable<TestEvent>) {
  const failures: string[] = []
  for await (const event of events) {
    if (event.type === 'test:fail') failures.push(...failureOf(event.data))
    // Every file has a summary of its own; the one of the whole run names no file.
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue
    const { tests, passed, skipped, todo } = event.data.counts
    // What is left are tests that failed or were cancelled.
    yield JSON.stringify({ passed, failed: tests - passed - skipped - todo, failures })
  }
}

type Failed = Extract<TestEvent, { type: 'test:fail' }>['data']

/** Nothing for a suite that failed because of a test in it: that test is told by itself. */
function failureOf({ name, file = '', details: { error } }: Failed): string[] {
  if ('failureType' in error && error.failureType === 'subtestsFailed') return []
  const { message } = error.cause instanceof Error ? error.cause : error
  return [`${file.replace(`${process.cwd()}/`, '')}: ${name}: ${message.split('\n')[0]}`]
}
