/** What can go wrong with a request, and who decides that it does. */
import { pickOne, type Random, seededRandom } from '../random.ts'

/**
 * - `reset-before`, `reset-during`, `reset-after`: the connection is reset before the body is read;
 *   within it; after the target has answered, so that the client cannot know what became of it
 * - `jam`: reads a part of the body, and then neither reads nor answers
 * - `stall`: reads all, hands nothing on and never answers
 * - `mute`: hands all on, and never answers
 * - `truncate`: hands all on, and ends the connection within the answer
 * - `delay`: hands all on, later
 * - `500`, `503`, `429`, `expired`: answers so by itself, with CORS headers, and hands nothing on
 */
export const FAULTS = [
  'reset-before',
  'reset-during',
  'reset-after',
  'jam',
  'stall',
  'mute',
  'truncate',
  'delay',
  '500',
  '503',
  '429',
  'expired',
] as const

/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number]

/** What a choice may look at. */
export interface FaultyRequest {
  /** 1 for the first request. */
  count: number
  method: string
  /** Path and query. */
  url: string
}

/** Chooses what goes wrong with a request; nothing for `undefined`. */
export type ChooseFault = (request: FaultyRequest) => Fault | undefined

/** How often what happens. */
export interface FaultMix {
  seed: number
  /** Of all requests, from 0 to 1. */
  rate: number
  /** All by default. */
  faults?: readonly Fault[]
}

/** How much rarer a fault is in a preflight, which has little to break. */
const PREFLIGHT_SHARE = 0.1
/** What has no meaning without a body, or is not what a preflight is answered. */
const NOT_FOR_PREFLIGHTS: readonly Fault[] = ['reset-during', 'jam', '429', 'expired']

/** Faults by chance: the same for the same seed, as long as the requests come in the same order. */
export function seededFaults({ seed, rate, faults = FAULTS }: FaultMix): ChooseFault {
  const random: Random = seededRandom(seed)
  const forPreflights = faults.filter((fault) => !NOT_FOR_PREFLIGHTS.includes(fault))
  return ({ method }) => {
    const isPreflight = method === 'OPTIONS'
    const list = isPreflight ? forPreflights : faults
    const hit = random() < rate * (isPreflight ? PREFLIGHT_SHARE : 1)
    return hit && list.length > 0 ? pickOne(random, list) : undefined
  }
}
