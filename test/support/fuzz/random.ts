import { pickOne, seededRandom } from '../random.ts'

/** Random choices that a seed repeats. */
export interface Choices {
  /** A whole number, at least 0 and below the limit. */
  below(limit: number): number
  pick<T>(list: readonly T[]): T
  /** True in this share of all cases, from 0 to 1. */
  chance(share: number): boolean
}

/** The same choices for the same seed. */
export function seededChoices(seed: number): Choices {
  const random = seededRandom(seed)
  return {
    below: (limit) => Math.floor(random() * limit),
    pick: (list) => pickOne(random, list),
    chance: (share) => random() < share,
  }
}
