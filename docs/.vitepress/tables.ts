import type { MarkdownRenderer } from 'vitepress'

type Token = ReturnType<MarkdownRenderer['parse']>[number]

/** From this many characters on, a phone has no room for a cell beside two others. */
const LONG = 24

/** A word that takes half of a table, so that the columns beside it are out of the window. */
const HUGE = /[^\s]{23}/

/** In up to this many characters there is no sentence, but "no" or "7 days". */
const SHORT = 12

/** A word that is too long for one of two columns of a phone. */
const WORD = /[^\s-]{20}/

/**
 * Marks the tables of three or four columns with sentences, and those of two with long words: on a
 * phone, their cells are drawn one below the other, see `site.css`. Those that are no sentences then
 * say of which column they are.
 */
export function stackTables(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('stacked-tables', ({ tokens }) => {
    let table: Token[] = []
    for (const token of tokens) {
      if (token.type === 'table_open') table = []
      table.push(token)
      if (token.type === 'table_close') {
        mark(table)
        breakWords(table)
      }
    }
  })
  // That of VitePress drops the attributes.
  markdown.renderer.rules.table_open = (tokens, index, options, _, renderer) => {
    tokens[index]?.attrSet('tabindex', '0')
    return renderer.renderToken(tokens, index, options)
  }
}

function mark(table: Token[]): void {
  const texts = table.map((_, index) => textOf(table[index + 1]))
  const heads = texts.filter((_, index) => table[index]?.type === 'th_open')
  const cells = table.flatMap((cell, index) =>
    cell.type === 'td_open' ? [{ cell, text: texts[index] ?? '' }] : [],
  )
  const last = heads.length - 1
  if (last < 1 || last > 3) return
  const columnOf = (index: number) => index % heads.length
  const isWide = (text: string) => (last === 1 ? WORD.test(text) : text.length >= LONG)
  if (!cells.some(({ text }) => isWide(text))) return
  table[0]?.attrJoin('class', 'stacked')
  for (const token of table) {
    // A style would hold on phones as well.
    if (!/^t[dh]_open$/.test(token.type) || token.attrGet('style') === null) continue
    token.attrs = null
    token.attrSet('class', 'number')
  }
  // What is first, or ends with sentences, needs no name.
  const endsLong = cells.some(({ text }, index) => columnOf(index) === last && text.length >= LONG)
  for (const [index, { cell, text }] of cells.entries()) {
    const column = columnOf(index)
    const head = heads[column]
    const isPlain = column === last && endsLong && (last === 1 || text.length > SHORT)
    if (column === 0 || isPlain || !head || text === '') continue
    cell.attrSet('data-label', head)
  }
}

/** Lets words and commands break that leave no room for the other columns. */
function breakWords(table: Token[]): void {
  for (const [index, cell] of table.entries()) {
    const content = table[index + 1]
    if (cell.type !== 'td_open' || !content) continue
    const [only, ...others] = content.children ?? []
    const isCommand = others.length === 0 && only?.type === 'code_inline'
    const text = textOf(content)
    if (HUGE.test(text) || (isCommand && text.length >= 30)) cell.attrJoin('class', 'breaks')
  }
}

/** What is read: an anchor is a tag, and has no text. */
function textOf(token: Token | undefined): string {
  const parts = (token?.children ?? []).filter(({ type }) => type !== 'html_inline')
  return parts.map(({ content }) => content).join('')
}
