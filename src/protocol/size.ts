// Powers of 1000 for kB, MB, GB and TB, of 1024 for KiB, MiB, GiB and TiB: the SI and IEC meanings,
// which is also how Intl.NumberFormat shows them.
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
 * Reads a size as people write it: a number of bytes, or text such as `"25MB"` or `"1.5 GiB"`.
 *
 * @returns bytes, rounded to a whole number
 * @throws {RangeError} when the text is not a size
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
