/** A link to an uploaded file, with what a table says of it. */
export interface LinkEntry {
  /** As it can be shown. */
  name: string
  /** Bytes. */
  size: number
  type: string
  key: string | null
  url: string
  /** When the link stops working; `null` for one without an end. */
  expires: Date | null
}

/** How links can be copied. */
export type LinkFormat = 'text' | 'markdown' | 'csv'

/** Writes links one below the other: as they are, as a Markdown list, or as a table. */
export function formatLinks(links: readonly LinkEntry[], format: LinkFormat): string {
  if (format === 'csv') return toCsv(links)
  return links.map((link) => (format === 'text' ? link.url : toMarkdown(link))).join('\n')
}

function toMarkdown({ name, url }: LinkEntry): string {
  // A backslash in front of punctuation makes it mean itself.
  const text = name.replace(/[\\`*_[\]<>~|&!#]/g, '\\$&')
  const target = new URL(url).href.replaceAll('(', '%28').replaceAll(')', '%29')
  return `- [${text}](${target})`
}

/** RFC 4180, which ends lines with CR and LF. */
function toCsv(links: readonly LinkEntry[]): string {
  const rows = links.map(({ name, size, type, key, url, expires }) =>
    [name, size, type, key ?? '', url, expires?.toISOString() ?? ''].map(toCell),
  )
  return [['name', 'size', 'type', 'key', 'url', 'expires'], ...rows]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('')
}

/** A program that opens the table must take nothing in it for a formula. */
function toCell(value: string | number): string {
  const text = String(value).replace(/^[=+\-@\t\r]/, "'$&")
  return /["\n\r,;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
