import { parseSize } from '../../protocol/index.ts'

/** Reads a size in bytes. A bad value is reported once on the console and ignored: a typo must not break the page. */
export function sizeOrWarn(
  attribute: string,
  value: number | string | undefined,
): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  try {
    return parseSize(value)
  } catch {
    return warnOnce(attribute, value, 'Write a number of bytes, or for example "25MB".')
  }
}

/** Reads a whole number above 0. A bad value is reported once on the console and ignored. */
export function numberOrWarn(
  attribute: string,
  value: number | string | boolean | undefined,
): number | undefined {
  if (value === undefined || value === null || value === '' || value === false) return undefined
  const number = Number(value)
  if (Number.isSafeInteger(number) && number > 0) return number
  return warnOnce(attribute, value, 'Write a whole number above 0.')
}

/** Reads texts by name, as an object or as JSON. A bad value is reported once on the console and ignored. */
export function textsOrWarn(
  attribute: string,
  value: Record<string, string> | string | undefined,
): Record<string, string> | undefined {
  if (!value) return undefined
  try {
    const texts = { ...(typeof value === 'string' ? JSON.parse(value) : value) }
    for (const name in texts) texts[name] += ''
    return texts
  } catch {
    return warnOnce(attribute, String(value), 'Write JSON: {"album":"7"}.')
  }
}

const warned = new Set<string>()

function warnOnce(attribute: string, value: number | string | boolean, remedy: string): undefined {
  const text = `<bucket-upload> ${attribute}="${value}" is ignored. ${remedy}`
  if (!warned.has(text)) console.warn(text)
  warned.add(text)
}
