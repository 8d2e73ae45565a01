/**
 * The name that was most likely meant, for a typo in one of a few names, or for the beginning of one.
 *
 * @returns `undefined` where nothing is near: a wrong guess helps less than none
 */
export function suggest(text: string, names: readonly string[]): string | undefined {
  const given = text.trim().toLowerCase().replaceAll('_', '-')
  let best: string | undefined
  let least = Math.max(1, Math.floor(given.length / 3)) + 1
  for (const name of names) {
    const distance = editDistance(given, name.toLowerCase())
    if (distance < least) [best, least] = [name, distance]
  }
  return best ?? (given.length > 2 ? names.find((name) => name.startsWith(given)) : undefined)
}

/** ` Did you mean "…"?`, or nothing. */
export function didYouMean(text: string, names: readonly string[], prefix = ''): string {
  const name = suggest(text, names)
  return name === undefined ? '' : ` Did you mean "${prefix}${name}"?`
}

/** How many letters must be added, taken away, replaced or swapped with the next one. */
function editDistance(a: string, b: string): number {
  // Both are names. What is far longer than any name is near to none.
  if (Math.abs(a.length - b.length) > 4) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (row[j - 1] ?? 0) + 1,
        (last[j] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    ;[before, last] = [last, row]
  }
  return last[b.length] ?? 0
}
