import { html, type TemplateResult } from 'lit'

// Control characters, and those that change the reading direction: with U+202E in it,
// "photo_gpj.exe" is shown as "photo_exe.jpg".
const DECEIVING = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A file name that is safe to show: invisible characters become visible. */
export function displayName(name: string): string {
  return name.replace(DECEIVING, '\ufffd')
}

/**
 * Cuts a name in two, so that a narrow row can shorten the start and keep the end, with the extension and
 * often a number.
 */
function splitName(name: string): [start: string, end: string] {
  const characters = [...displayName(name)]
  const end = characters.splice(Math.max(0, characters.length - 10))
  return [characters.join(''), end.join('')]
}

/** A file name whose middle is shortened in a narrow row. */
export function fileName(name: string): TemplateResult {
  const [start, end] = splitName(name)
  return html`<bdi class="name" part="file-name" title=${displayName(name)}
    ><span class="start">${start}</span><span class="end">${end}</span></bdi
  >`
}
