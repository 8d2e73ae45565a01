import type { FileLink } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import { durationText } from '../../i18n/measures.ts'

const MINUTE = 60_000
/** Below this time, in ms, the text says how long a link is valid instead of until when. */
const NEAR = 10 * MINUTE

/** Whether a link has expired. */
export function hasExpired({ downloadUrlExpiresAt }: FileLink, now = Date.now()): boolean {
  return downloadUrlExpiresAt !== null && downloadUrlExpiresAt.getTime() <= now
}

/**
 * How long a link is valid, in words.
 *
 * @param onlyNear says nothing while the end is far away
 * @returns the text, empty without an expiry, and after how many ms it changes
 */
export function describeExpiry(
  link: FileLink,
  localize: Localize,
  onlyNear = false,
  now = Date.now(),
): [text: string, changesIn: number] {
  const { downloadUrl, downloadUrlExpiresAt: end } = link
  if (!downloadUrl || !end) return ['', Number.POSITIVE_INFINITY]
  const left = end.getTime() - now
  if (left <= 0) return [localize.text('linkExpired'), Number.POSITIVE_INFINITY]
  if (left > NEAR) {
    const text = onlyNear ? '' : localize.text('linkUntil', { time: clock(end, localize, now) })
    return [text, left - NEAR]
  }
  const minutes = Math.ceil(left / MINUTE)
  const text = localize.text('linkFor', { time: durationText(minutes * 60, localize) })
  return [text, left - (minutes - 1) * MINUTE]
}

/** By language and day: making one takes a hundred times as long as using it. */
const clocks = new Map<string, Intl.DateTimeFormat>()

/** The time of day, with the date unless it is today. */
function clock(time: Date, { language }: Localize, now: number): string {
  const isToday = time.toDateString() === new Date(now).toDateString()
  const day = isToday ? {} : ({ day: 'numeric', month: 'short' } as const)
  const name = `${language} ${isToday}`
  const style = { ...day, hour: 'numeric', minute: '2-digit' } as const
  const format = clocks.get(name) ?? new Intl.DateTimeFormat(language, style)
  clocks.set(name, format)
  return format.format(time)
}
