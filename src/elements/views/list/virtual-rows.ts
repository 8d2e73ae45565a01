/** A row to draw. */
export interface PlacedRow {
  id: string
  /** Index in the list of all files, from 0. */
  index: number
  /** CSS declarations with its position. */
  place: string
}

/** How much is drawn above and below the visible part, as a share of its height. */
const MARGIN = 0.25

/**
 * Chooses and positions the rows of a long list that are drawn: the visible ones, some above and below,
 * and those around the focus. Rows may differ in height; one that was never drawn counts as usual. The
 * stylesheet sets the number of columns of a grid.
 */
export class VirtualRows {
  readonly list: HTMLElement
  readonly #changed: () => void
  readonly #observer = new ResizeObserver(() => this.#resized())
  #ids: readonly string[] = []
  #usual: number
  /** Heights of the rows that differ from the usual, in px. */
  readonly #heights = new Map<string, number>()
  #columns = 1
  #gap = 0
  #width = 0
  #view = 0
  #scrolled: number
  /** Top of each line in px, and the bottom of the last one; `undefined` when they are out of date. */
  #tops: Float64Array | undefined
  /** The first visible row before the lines moved, and how far it was scrolled past the top, in px. */
  #anchor: { id: string; past: number } | undefined
  #scrollTo: number | undefined
  #focused = 0

  /**
   * @param list has one row, to measure the usual height
   * @param changed is called when other rows have to be drawn
   */
  constructor(list: HTMLElement, changed: () => void) {
    this.list = list
    this.#changed = changed
    this.#scrolled = list.scrollTop
    this.#usual = heightOf(list.querySelector('[data-id]')) || 1
    this.#readShape()
    this.#observer.observe(list)
    list.addEventListener('scroll', this.#scroll, { passive: true })
  }

  disconnect(): void {
    this.#observer.disconnect()
    this.list.removeEventListener('scroll', this.#scroll)
  }

  /** Height of all lines together, in px. */
  get extent(): number {
    return this.#tops?.at(-1) ?? 0
  }

  /**
   * @param ids of all files; the same array as before while they are the same
   * @param focused id of the file whose row has the focus
   */
  rows(ids: readonly string[], focused: string | undefined): PlacedRow[] {
    if (ids !== this.#ids) {
      this.#forgetTops()
      this.#forgetRemoved(ids)
    }
    this.#ids = ids
    this.#tops ??= this.#layOut()
    const tops = this.#tops
    const top = this.#scrollTo ?? this.#scrolled
    const margin = this.#view * MARGIN
    const first = lineAt(tops, top - margin) * this.#columns
    const end = (lineAt(tops, top + this.#view + margin) + 1) * this.#columns
    const indexes = new Set<number>()
    for (let index = first; index < end; index++) indexes.add(index)
    for (const index of this.#aroundFocus(focused)) indexes.add(index)
    return [...indexes]
      .filter((index) => index >= 0 && index < ids.length)
      .sort((one, other) => one - other)
      .map((index) => ({ id: ids[index] ?? '', index, place: this.#place(index, tops) }))
  }

  /** Call after the rows are drawn: measures them. */
  drawn(): void {
    if (this.#scrollTo !== undefined) this.list.scrollTop = this.#scrolled = this.#scrollTo
    this.#scrollTo = undefined
    const other = [...this.list.querySelectorAll<HTMLElement>('[data-id]')].filter((row) => {
      const known = this.#heights.get(row.dataset.id ?? '') ?? this.#usual
      return Math.abs(heightOf(row) - known) > 0.5
    })
    if (other.length === 0) return
    this.#forgetTops()
    for (const row of other) this.#heights.set(row.dataset.id ?? '', heightOf(row))
    this.#changed()
  }

  #scroll = (): void => {
    this.#scrolled = this.list.scrollTop
    this.#changed()
  }

  #resized(): void {
    if (this.list.clientWidth !== this.#width) {
      this.#forgetTops()
      this.#heights.clear()
      const heights = [...this.list.querySelectorAll('[data-id]')].map(heightOf).filter(Boolean)
      // While the list is hidden all heights are 0.
      if (heights.length > 0) this.#usual = Math.min(...heights)
    }
    this.#readShape()
    this.#changed()
  }

  #readShape(): void {
    const { gridTemplateColumns, rowGap } = getComputedStyle(this.list)
    this.#columns = gridTemplateColumns === 'none' ? 1 : gridTemplateColumns.split(' ').length
    this.#gap = Number.parseFloat(rowGap) || 0
    this.#width = this.list.clientWidth
    this.#view = this.list.clientHeight
  }

  /** Forgets the heights of rows whose files are gone. */
  #forgetRemoved(ids: readonly string[]): void {
    if (this.#heights.size === 0) return
    const left = new Set(ids)
    for (const id of this.#heights.keys()) if (!left.has(id)) this.#heights.delete(id)
  }

  #forgetTops(): void {
    const tops = this.#tops
    if (!tops) return
    this.#tops = undefined
    const line = lineAt(tops, this.#scrolled)
    const id = this.#ids[line * this.#columns] ?? ''
    this.#anchor = { id, past: this.#scrolled - (tops[line] ?? 0) }
  }

  #layOut(): Float64Array {
    const ids = this.#ids
    const tops = new Float64Array(Math.ceil(ids.length / this.#columns) + 1)
    let top = 0
    for (let index = 0; index < ids.length; ) {
      let height = 0
      for (const end = index + this.#columns; index < Math.min(end, ids.length); index++) {
        height = Math.max(height, this.#heights.get(ids[index] ?? '') ?? this.#usual)
      }
      top += height + this.#gap
      tops[Math.ceil(index / this.#columns)] = top
    }
    this.#keepPlace(tops)
    return tops
  }

  /** Scrolls so that the first visible row stays where it is. */
  #keepPlace(tops: Float64Array): void {
    const index = this.#anchor && this.#scrolled > 0 ? this.#ids.indexOf(this.#anchor.id) : -1
    if (index < 0) return
    const top = (tops[Math.floor(index / this.#columns)] ?? 0) + (this.#anchor?.past ?? 0)
    if (Math.abs(top - this.#scrolled) > 0.5) this.#scrollTo = top
  }

  /** Includes the neighbors, so that Tab moves on from the focused row and not from the visible ones. */
  #aroundFocus(focused: string | undefined): number[] {
    if (focused === undefined) return []
    if (this.#ids[this.#focused] !== focused) this.#focused = this.#ids.indexOf(focused)
    const index = this.#focused
    return index < 0 ? [] : [index - 1, index, index + 1]
  }

  #place(index: number, tops: Float64Array): string {
    const top = tops[Math.floor(index / this.#columns)]
    const column = (index % this.#columns) + 1
    // Without the end line, an absolutely positioned row would span to the last column.
    return `--_top:${top}px;grid-column:${column}/${column + 1}`
  }
}

/** Index of the line at this height; the first or last line for a height outside the list. */
function lineAt(tops: Float64Array, height: number): number {
  let [low, high] = [0, tops.length - 2]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((tops[middle] ?? 0) <= height) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}

/** Height in px with fractions, independent of any `transform` around the list. */
function heightOf(row: Element | null): number {
  return row ? Number.parseFloat(getComputedStyle(row).height) : 0
}
