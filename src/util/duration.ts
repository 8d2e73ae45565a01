const SECONDS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

// A hundred years. It keeps every expiry inside the range of Date.
const LONGEST = 36_500 * 86_400

/**
 * Reads a lifetime: a whole number of seconds, or text such as `"30s"`, `"15m"`, `"24h"` or `"7d"`.
 *
 * @returns seconds
 * @throws {RangeError} when the value is not a lifetime of one second or more, or exceeds 100 years
 */
export function parseDuration(value: number | string): number {
  const match = /^(\d+)\s*([smhd]?)$/.exec(String(value).trim())
  const seconds = match ? Number(match[1]) * (SECONDS[match[2] ?? ''] ?? Number.NaN) : Number.NaN
  if (seconds >= 1 && seconds <= LONGEST) return seconds
  throw new RangeError(
    `"${value}" is not a lifetime. Write a whole number of seconds, or for example "15m", "24h" or "7d".`,
  )
}

/** Writes a lifetime for people, in the largest unit that divides it: 604800 becomes "7d". */
export function formatDuration(seconds: number): string {
  const unit = (['d', 'h', 'm'] as const).find((name) => seconds % (SECONDS[name] ?? 1) === 0)
  return unit ? `${seconds / (SECONDS[unit] ?? 1)}${unit}` : `${seconds}s`
}
