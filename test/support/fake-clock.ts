import type { TestContext } from 'node:test'

/** Time that passes only when a test says so: `setTimeout` and `performance.now()`. */
export interface FakeClock {
  /** Lets so many ms pass, and what they have started come to rest. */
  tick(ms: number): Promise<void>
}

/** Puts a fake clock in place for as long as the test runs. */
export function useFakeClock(test: TestContext): FakeClock {
  let now = 1000
  test.mock.timers.enable({ apis: ['setTimeout'] })
  test.mock.method(performance, 'now', () => now)
  return {
    async tick(ms) {
      now += ms
      test.mock.timers.tick(ms)
      await settled()
    },
  }
}

/** Waits until everything has run that can run without a timer. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve))
}
