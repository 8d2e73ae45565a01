import type { LinkFormat } from '../../base/shown.ts'

/** A link to an uploaded file, with the columns of a table. */
export interface LinkEntry {
  /** File name that is safe to show. */
  name: string
  /** Bytes. */
  size: number
  type: string
  key: string | null
  url: string
  /** When the link expires; `null` if it never does. */
  expires: Date | null
}

/** Writes one link per line: as it is, as an item of a Markdown list, or as a row of a CSV table. */
export function formatLinks(links: readonly LinkEntry[], format: LinkFormat): string {
  if (format === 'csv') return toCsv(links)
  return links.map((link) => (format === 'text' ? link.url : toMarkdown(link))).join('\n')
}

function toMarkdown({ name, url }: LinkEntry): string {
  // In Markdown a backslash escapes punctuation.
  const text = name.replace(/[\\`*_[\]<>~|&!#]/g, '\\$&')
  const target = new URL(url).href.replaceAll('(', '%28').replaceAll(')', '%29')
  return `- [${text}](${target})`
}

/** CSV by RFC 4180, with CR and LF at the end of lines. */
function toCsv(links: readonly LinkEntry[]): string {
  const rows = links.map(({ name, size, type, key, url, expires }) =>
    [name, size, type, key ?? '', url, expires?.toISOString() ?? ''].map(toCell),
  )
  return [['name', 'size', 'type', 'key', 'url', 'expires'], ...rows]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('')
}

/** Keeps spreadsheet programs from reading a file name as a formula. */
function toCell(value: string | number): string {
  const text = String(value).replace(/^[=+\-@\t\r]/, "'$&")
  return /["\n\r,;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
