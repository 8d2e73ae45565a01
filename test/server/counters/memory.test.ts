import { memoryCounter } from '../../../src/server/index.ts'
import { testCounter } from '../../support/signer/counter-rules.ts'

testCounter(async () => {
  let now = 1_000_000
  return {
    counter: memoryCounter(() => now),
    async pass(seconds) {
      now += seconds * 1000
    },
  }
})
