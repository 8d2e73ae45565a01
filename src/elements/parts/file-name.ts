import { html, type TemplateResult } from 'lit'

// Control characters, and those that turn the reading direction around: with U+202E in it,
// "photo_gpj.exe" reads "photo_exe.jpg".
const DECEIVING = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A file name as it can be shown without lying: what cannot be seen becomes visible. */
export function displayName(name: string): string {
  return name.replace(DECEIVING, '\ufffd')
}

/**
 * Cuts a name in two, so that a narrow row can shorten the first half and keep the end, which tells
 * the kind of file and often a number.
 */
function splitName(name: string): [start: string, end: string] {
  const characters = [...displayName(name)]
  const end = characters.splice(Math.max(0, characters.length - 10))
  return [characters.join(''), end.join('')]
}

/** A name, of which a narrow row shortens the middle. */
export function fileName(name: string): TemplateResult {
  const [start, end] = splitName(name)
  return html`<bdi class="name" part="file-name" title=${displayName(name)}
    ><span class="start">${start}</span><span class="end">${end}</span></bdi
  >`
}
