// SI units are powers of 1000 and IEC units of 1024. Intl.NumberFormat shows sizes in SI units, too.
const UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/**
 * Parses a size: a number of bytes, or a string such as `"25MB"` or `"1.5 GiB"`.
 *
 * @returns bytes, rounded to a whole number
 * @throws {RangeError} if the string is not a size
 */
export function parseSize(value: number | string): number {
  const text = String(value).trim()
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text)
  const factor = match ? UNITS[(match[2] ?? '').toLowerCase()] : undefined
  const bytes = match && factor !== undefined ? Math.round(Number(match[1]) * factor) : Number.NaN
  if (!Number.isSafeInteger(bytes)) {
    throw new RangeError(`"${text}" is not a size. Write a number of bytes, or for example "25MB".`)
  }
  return bytes
}
