/** A line of the log of events. */
export interface Entry {
  /** By the clock of the page. */
  at: string
  name: string
  detail: string
}

/** How many are shown, the newest first. */
const MOST_ENTRIES = 20

/** The log with one more event. Of a run of progress only the last one stays. */
export function withEvent(log: readonly Entry[], { type, detail }: CustomEvent): Entry[] {
  const entry = { at: new Date().toLocaleTimeString('en-GB'), name: type, detail: show(detail) }
  const isRun = type === 'upload-progress' && log[0]?.name === type
  return [entry, ...(isRun ? log.slice(1) : log)].slice(0, MOST_ENTRIES)
}

/** A detail as text. What is signed in a link is a secret, also on a screen. */
export function show(detail: unknown): string {
  const text = JSON.stringify(detail, (_, value) => shown(value), 1)
  return text?.replace(/\n\s*/g, ' ') ?? ''
}

function shown(value: unknown): unknown {
  if (value instanceof File) return value.name
  if (value instanceof Error) return value.message
  return typeof value === 'string' ? value.replace(/(https?:[^\s?#]*)[?#]\S*/g, '$1?…') : value
}
