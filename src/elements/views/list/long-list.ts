import type { LitElement, ReactiveController } from 'lit'
import type { PlacedRow, VirtualRows } from './virtual-rows.ts'

/** With more files than MANY only the visible ones are drawn, until there are FEW again. */
const MANY = 50
const FEW = 30
/** How many are drawn of a long list before the visible part is known. */
const FIRST = 20
/** How many are drawn if the code for long lists could not be loaded. */
const AT_MOST = 200

let loaded: typeof VirtualRows | 'nowhere' | undefined

/** Chooses the rows that a list draws: all, or the visible ones of a long list. */
export class LongList implements ReactiveController {
  readonly #host: LitElement
  #rows: VirtualRows | undefined
  #isLong = false
  #count = 0
  #isLoading = false

  constructor(host: LitElement) {
    this.#host = host
    host.addController(this)
  }

  /** Whether only some rows are drawn. The list then scrolls. */
  get isLong(): boolean {
    return this.#isLong
  }

  /** Height of all rows, in px, once their positions are known. */
  get extent(): number | undefined {
    return this.#isLong ? this.#rows?.extent : undefined
  }

  /** How many files are not listed, because the code for long lists could not be loaded. */
  get hidden(): number {
    return loaded === 'nowhere' ? Math.max(0, this.#count - AT_MOST) : 0
  }

  /** Returns the rows to draw. */
  choose(ids: readonly string[]): PlacedRow[] {
    this.#count = ids.length
    this.#isLong = ids.length > (this.#isLong ? FEW : MANY)
    if (this.#isLong && this.#rows) return this.#rows.rows(ids, focusedRow(this.#host)?.dataset.id)
    const most = loaded === 'nowhere' ? AT_MOST : FIRST
    const drawn = this.#isLong ? ids.slice(0, most) : ids
    return drawn.map((id, index) => ({ id, index, place: '' }))
  }

  /** Forgets the positions of the rows, for another layout. */
  reset(): void {
    this.#rows?.disconnect()
    this.#rows = undefined
  }

  hostUpdated(): void {
    const list = this.#host.renderRoot.querySelector<HTMLElement>('.list')
    if (!list || !this.#isLong || list !== (this.#rows?.list ?? list)) this.reset()
    if (!list || !this.#isLong) return
    if (this.#rows) this.#rows.drawn()
    else if (!loaded) void this.#load()
    else if (loaded !== 'nowhere') {
      this.#rows = new loaded(list, () => this.#host.requestUpdate())
      this.#host.requestUpdate()
    }
  }

  hostDisconnected(): void {
    this.reset()
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return
    this.#isLoading = true
    loaded = await import('./virtual-rows.ts').then(
      (module) => module.VirtualRows,
      () => 'nowhere' as const,
    )
    this.#isLoading = false
    this.#host.requestUpdate()
  }
}

/** The row that has the focus. */
export function focusedRow(host: LitElement): HTMLElement | undefined {
  return host.shadowRoot?.activeElement?.closest<HTMLElement>('[data-id]') ?? undefined
}
