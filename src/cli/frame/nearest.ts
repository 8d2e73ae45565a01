/**
 * The name that was probably meant.
 *
 * @returns `undefined` where none is so near that it would help
 */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const word = text.toLowerCase()
  const ranked = names
    .map((name) => ({ name, distance: distance(word, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  const limit = Math.max(1, Math.floor(word.length / 3))
  if (best && best.distance <= limit) return best.name
  return word.length > 2 ? names.find((name) => name.startsWith(word)) : undefined
}

/** How many letters must be put in, taken out, replaced, or swapped with the next. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, index) => [index])
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0
  for (let j = 1; j <= b.length; j += 1) rows[0]?.push(j)
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const steps = [at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1)]
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) steps.push(at(i - 2, j - 2) + 1)
      rows[i]?.push(Math.min(...steps))
    }
  }
  return at(a.length, b.length)
}

/** ` Did you mean "…"?`, or nothing. */
export function didYouMean(text: string, names: readonly string[], prefix = ''): string {
  const name = nearest(text, names)
  return name === undefined ? '' : ` Did you mean "${prefix}${name}"?`
}
