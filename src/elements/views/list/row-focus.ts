import type { LitElement, ReactiveController } from 'lit'
import { focusedRow } from './long-list.ts'

/**
 * Keeps the focus in the list when its row is moved, or the focused control is gone: then it moves to another
 * control of the row, or, if the row is gone too, to the next or the previous row.
 */
export class RowFocus implements ReactiveController {
  readonly #host: LitElement
  /** Ids of the rows that may get the focus, best first. */
  #rows: (string | undefined)[] = []
  #control: HTMLElement | null | undefined

  constructor(host: LitElement) {
    this.#host = host
    host.addController(this)
  }

  hostUpdate(): void {
    const row = focusedRow(this.#host)
    this.#control = this.#host.shadowRoot?.activeElement as HTMLElement | null
    const around = [row, row?.nextElementSibling, row?.previousElementSibling]
    this.#rows = row ? around.map((each) => (each as HTMLElement | null)?.dataset.id) : []
  }

  hostUpdated(): void {
    const root = this.#host.shadowRoot
    if (this.#rows.length === 0 || root?.activeElement) return
    const controls = this.#rows.map((id) =>
      root?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id ?? '')}"] :is(button, a)`),
    )
    const stays = this.#control?.isConnected ? this.#control : undefined
    ;(stays ?? controls.find((control) => control))?.focus()
  }
}
