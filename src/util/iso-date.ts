/** The last texts that were written. All URLs of one second end at the same few moments. */
const written = new Map<number, string>()
const MOST_WRITTEN = 16

/**
 * A moment as an ISO 8601 date.
 *
 * @param moment in ms since 1970
 * @throws {RangeError} when it is none
 */
export function isoText(moment: number): string {
  const known = written.get(moment)
  if (known !== undefined) return known
  const text = new Date(moment).toISOString()
  if (written.size === MOST_WRITTEN) written.clear()
  written.set(moment, text)
  return text
}
