import { seededRandom } from '../random.ts'

/** Something that happens to the page. */
export interface Disruption {
  kind: 'offline' | 'reload'
  /** When: which share of the work is done, from 0 to 1. */
  at: number
  /** How long, in ms; of no meaning for a reload. */
  lasts: number
}

/** How many of each. */
export interface DisruptionMix {
  seed: number
  offlines: number
  reloads: number
}

/** Not at the very beginning or end, where there is nothing to disrupt. */
const FIRST = 0.05
const LAST = 0.9
/** In ms. */
const SHORTEST = 500
const LONGEST = 4_000

/** Disruptions in the order in which they come, the same for the same seed. */
export function planDisruptions({ seed, offlines, reloads }: DisruptionMix): Disruption[] {
  const random = seededRandom(seed)
  const make = (kind: Disruption['kind']) => ({
    kind,
    at: FIRST + random() * (LAST - FIRST),
    lasts: SHORTEST + random() * (LONGEST - SHORTEST),
  })
  const all = [
    ...Array.from({ length: offlines }, () => make('offline')),
    ...Array.from({ length: reloads }, () => make('reload')),
  ]
  return all.sort((one, other) => one.at - other.at)
}
