import { numberFormat } from './number-format.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/**
 * Formats a size in the user's language, with decimal units: 48211 becomes "48.2 kB".
 *
 * @param bytes a whole number, 0 or more
 * @param locale a BCP 47 tag; by default that of the browser
 */
export function formatBytes(bytes: number, locale?: string): string {
  return format(bytes, locale, '')
}

/** The same for a speed, in bytes per second: 9300000 becomes "9.3 MB/s". */
export function formatSpeed(speed: number, locale?: string): string {
  return format(speed, locale, '-per-second')
}

function format(bytes: number, locale: string | undefined, per: '' | '-per-second'): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return numberFormat(locale, {
    style: 'unit',
    unit: `${UNITS[power] ?? 'byte'}${per}`,
    unitDisplay: power === 0 && !per ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** power)
}
