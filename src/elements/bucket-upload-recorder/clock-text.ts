import { numberFormat } from '../../util/number-format.ts'

/**
 * A time as a clock shows it: 1:05 or 1:00:05.
 *
 * @param ms is rounded down to seconds
 * @param language BCP 47 tag, for its digits
 */
export function clockText(ms: number, language: string): string {
  const seconds = Math.floor(ms / 1000)
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const numbers = hour > 0 ? [hour, minute, seconds % 60] : [minute, seconds % 60]
  return numbers
    .map((it, place) =>
      numberFormat(language, { minimumIntegerDigits: place === 0 ? 1 : 2 }).format(it),
    )
    .join(':')
}
