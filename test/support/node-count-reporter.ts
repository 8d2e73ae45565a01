import type { TestEvent } from 'node:test/reporters'

/** A reporter of Node's test runner that writes the counts as JSON, for `npm test` to add up. */
export default async function* countReporter(events: AsyncIterable<TestEvent>) {
  for await (const event of events) {
    // Every file has a summary of its own; the one of the whole run names no file.
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue
    const { tests, passed, skipped, todo } = event.data.counts
    // What is left are tests that failed or were cancelled.
    yield JSON.stringify({ passed, failed: tests - passed - skipped - todo })
  }
}
