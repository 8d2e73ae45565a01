import { formatSpeed } from '../util/format-bytes.ts'
import { numberFormat } from '../util/number-format.ts'
import type { Localize } from './localize.ts'

/** Below so many seconds a number of them is a guess. */
const FEW_SECONDS = 5

const UNITS = [
  ['hour', 3600],
  ['minute', 60],
] as const

/** A number of bytes per second. */
export function speedText(bytes: number, localize: Localize): string {
  return localize.text('size', { size: formatSpeed(bytes, localize.language) })
}

/** A share of 1 as a percentage, rounded down: 100% means complete. */
export function percentage(share: number, { language }: Localize): string {
  return numberFormat(language, { style: 'percent' }).format(Math.floor(share * 100) / 100)
}

/** How long it will take, from a time in seconds. */
export function timeLeftText(seconds: number, localize: Localize): string {
  if (seconds < FEW_SECONDS) return localize.text('secondsLeft')
  return localize.text('timeLeft', { time: durationText(seconds, localize) })
}

/** A time in seconds, in the largest unit that fits. */
export function durationText(seconds: number, { language }: Localize): string {
  const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? ['second', 1]
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const
  return numberFormat(language, style).format(Math.max(1, Math.round(seconds / size)))
}
