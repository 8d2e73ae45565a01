import { numberFormat } from './number-format.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/**
 * Formats a size in the user's language, with decimal units: 48211 becomes "48.2 kB".
 *
 * @param bytes a whole number, 0 or more
 * @param locale a BCP 47 tag; by default that of the browser
 */
export function formatBytes(bytes: number, locale?: string): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return numberFormat(locale, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** power)
}
