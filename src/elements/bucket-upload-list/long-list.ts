import type { LitElement, ReactiveController } from 'lit'
import type { PlacedRow, VirtualRows } from './virtual-rows.ts'

/** More files than these are not drawn all at the same time, until there are clearly fewer again. */
const MANY = 50
const FEW = 30
/** What is drawn of a long list before it is known how much can be seen. */
const FIRST = 20
/** And where the code for it cannot be had. */
const AT_MOST = 200

let loaded: typeof VirtualRows | 'nowhere' | undefined

/** Chooses the rows that a list draws: all, or of a long one those in view. */
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

  /** Whether not all rows are drawn. The list then scrolls by itself. */
  get isLong(): boolean {
    return this.#isLong
  }

  /** Height of all rows, in px, once they are placed one by one. */
  get extent(): number | undefined {
    return this.#isLong ? this.#rows?.extent : undefined
  }

  /** How many files there is no way to, because the code for long lists cannot be had. */
  get hidden(): number {
    return loaded === 'nowhere' ? Math.max(0, this.#count - AT_MOST) : 0
  }

  /** The rows to draw of these files. */
  choose(ids: readonly string[]): PlacedRow[] {
    this.#count = ids.length
    this.#isLong = ids.length > (this.#isLong ? FEW : MANY)
    if (this.#isLong && this.#rows) return this.#rows.rows(ids, focusedRow(this.#host)?.dataset.id)
    const most = loaded === 'nowhere' ? AT_MOST : FIRST
    const drawn = this.#isLong ? ids.slice(0, most) : ids
    return drawn.map((id, index) => ({ id, index, place: '' }))
  }

  /** Forgets how the rows were placed: the list looks different now. */
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

/** The row that the focus is in. */
export function focusedRow(host: LitElement): HTMLElement | undefined {
  return host.shadowRoot?.activeElement?.closest<HTMLElement>('[data-id]') ?? undefined
}
