/**
 * Writes a size in bytes for people, such as "25 MB", in powers of 1000 and in English. It rounds down,
 * so that "at most 5.36 GB" is never more than what is allowed.
 */
export function formatSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let amount = bytes
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${Math.floor(amount * 100) / 100} ${units[unit]}`
}
