import { html, nothing, type ReactiveController, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../../engine/index.ts'
import { ENGLISH_OF_ORDER } from '../../../i18n/english-of-order.ts'
import type { addEnglish, Localize } from '../../../i18n/localize.ts'
import type { EngineElement, EngineOwner } from '../../base/engine-element.ts'
import type { iconButton } from '../../parts/buttons.ts'
import { icon } from '../../parts/icon.ts'
import { orderStyles } from './order.styles.ts'
import { RowDrag } from './row-drag.ts'

const gripIcon = icon('M9 6v.01M9 12v.01M9 18v.01M15 6v.01M15 12v.01M15 18v.01')
const backIcon = icon('M12 19V5M6 11l6-6 6 6')
const onIcon = icon('M12 5v14M6 13l6 6 6-6')

/** Rows that are narrower than so many em have no room for two more buttons. */
const ROOMY = 34

/** What moves rows works with. What is no type comes from the file that loads this one. */
export interface OrderContext {
  host: EngineElement & { layout: string }
  owner: () => EngineOwner | undefined
  localize: Localize
  /** Has the message of the list for screen readers. */
  state: { message: string; isProblem: boolean }
  addEnglish: typeof addEnglish
  iconButton: typeof iconButton
  displayName: (name: string) => string
}

/**
 * Has people put the files in another order: by a handle that they drag or that hears the arrow keys, and by
 * two buttons. Where there is little room, the handle shows and hides the buttons.
 */
export class RowOrder implements ReactiveController {
  readonly #context: OrderContext
  readonly #drag: RowDrag
  readonly #observer = new ResizeObserver(() => this.#measure())
  #isRoomy = true
  /** Id of the file whose buttons are shown. */
  #open = ''
  /** Id of the file that was just moved, and what has the focus then. */
  #moved: { id: string; control: string } | undefined

  constructor(context: OrderContext) {
    const { host } = context
    context.addEnglish(ENGLISH_OF_ORDER)
    this.#context = context
    this.#drag = new RowDrag({
      isTiled: () => this.#isTiled,
      dropped: (id, target) => this.#drop(id, target),
    })
    const root = host.renderRoot as ShadowRoot
    const { styleSheet } = orderStyles
    if (styleSheet) root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet]
    host.addController(this)
  }

  hostConnected(): void {
    this.#observer.observe(this.#context.host)
  }

  hostDisconnected(): void {
    this.#observer.disconnect()
    this.#drag.cancel()
  }

  hostUpdated(): void {
    const moved = this.#moved
    this.#moved = undefined
    if (!moved) return
    const row = this.#row(moved.id)
    const controls = [moved.control, '.moves button', '.handle']
    const control = controls.map((it) => row?.querySelector<HTMLElement>(it)).find(Boolean)
    control?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'nearest' })
  }

  /** What a row begins with. */
  handle({ id }: FileSnapshot, name: string): TemplateResult | typeof nothing {
    if (!this.#canMove) return nothing
    const { localize } = this.#context
    const action = localize.text('move')
    const isDisclosure = !this.#hasRoom
    return html`<button
      type="button"
      class="icon handle"
      part="handle"
      aria-label=${localize.text('actionOn', { action, name })}
      aria-expanded=${isDisclosure ? this.#open === id : nothing}
      title=${action}
      @click=${() => this.#toggle(id)}
      @keydown=${(event: KeyboardEvent) => this.#key(event, id)}
      @pointerdown=${(event: PointerEvent) => this.#drag.start(event, id)}
    >
      ${gripIcon}
    </button>`
  }

  /**
   * The buttons that move a file by one place.
   *
   * @param index in the list, from 0
   */
  buttons({ id }: FileSnapshot, name: string, index: number): TemplateResult | typeof nothing {
    if (!this.#canMove || (!this.#hasRoom && this.#open !== id)) return nothing
    const { localize, iconButton } = this.#context
    const last = this.#ids.length - 1
    const button = (key: 'moveBack' | 'moveOn', place: number) => {
      const isBack = key === 'moveBack'
      const kind = isBack ? 'back' : 'on'
      // An empty place, so that the other button stays where it is.
      if (place < 0 || place > last) return html`<span class="icon gone"></span>`
      const run = () => this.#move(id, place, `.${kind}`)
      return iconButton(localize, name, { key, icon: isBack ? backIcon : onIcon, run, kind })
    }
    return html`<span class="moves">${button('moveBack', index - 1)}${button('moveOn', index + 1)}</span>`
  }

  /** The ids of all files. */
  get #ids(): readonly string[] {
    return this.#context.host.engine?.ids ?? []
  }

  get #canMove(): boolean {
    return this.#ids.length > 1 && !this.#context.owner()?.isLocked
  }

  get #isTiled(): boolean {
    return ['grid', 'gallery'].includes(this.#context.host.layout)
  }

  /** Whether there is room for the buttons in each row. */
  get #hasRoom(): boolean {
    return this.#isRoomy && !this.#isTiled
  }

  #measure(): void {
    const { host } = this.#context
    const em = Number.parseFloat(getComputedStyle(host).fontSize)
    const isRoomy = host.clientWidth > ROOMY * em
    if (isRoomy === this.#isRoomy) return
    this.#isRoomy = isRoomy
    host.requestUpdate()
  }

  #toggle(id: string): void {
    if (this.#hasRoom || this.#drag.wasJustDragged) return
    this.#open = this.#open === id ? '' : id
    this.#context.host.requestUpdate()
  }

  #key(event: KeyboardEvent, id: string): void {
    const { key, ctrlKey, metaKey, altKey } = event
    if (ctrlKey || metaKey || altKey || this.#drag.isActive) return
    if (key === 'Escape' && this.#open) this.#toggle(this.#open)
    const ids = this.#ids
    const index = ids.indexOf(id)
    const step = this.#steps()[key]
    const place = key === 'Home' ? 0 : key === 'End' ? ids.length - 1 : step && index + step
    if (place === undefined) return
    // Or the list scrolls.
    event.preventDefault()
    if (place >= 0 && place < ids.length) this.#move(id, place, '.handle')
  }

  /** By how many places the arrow keys move a file. */
  #steps(): Record<string, number | undefined> {
    const { host } = this.#context
    if (!this.#isTiled) return { ArrowUp: -1, ArrowDown: 1 }
    const list = host.renderRoot.querySelector('.list')
    const style = list && getComputedStyle(list)
    const columns = style?.gridTemplateColumns.split(' ').length ?? 1
    const next = style?.direction === 'rtl' ? -1 : 1
    return { ArrowUp: -columns, ArrowDown: columns, ArrowLeft: -next, ArrowRight: next }
  }

  #drop(id: string, target: string): void {
    const place = this.#ids.indexOf(target)
    if (place >= 0) this.#move(id, place, '.handle')
  }

  /** @param control what has the focus then, in the row */
  #move(id: string, index: number, control: string): void {
    const { host, localize, state, displayName } = this.#context
    const { engine } = host
    const file = engine?.file(id)
    if (!engine || !file) return
    engine.move(id, index)
    this.#moved = { id, control }
    const values = { place: index + 1, count: engine.ids.length }
    state.message = localize.text('placeOf', { name: displayName(file.name), ...values })
    state.isProblem = false
    host.requestUpdate()
  }

  #row(id: string): HTMLElement | null {
    return this.#context.host.renderRoot.querySelector(`[data-id="${CSS.escape(id)}"]`)
  }
}
