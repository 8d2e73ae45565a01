import {
  adoptStyles,
  html,
  type LitElement,
  type ReactiveController,
  type TemplateResult,
} from 'lit'
import type { UploadEngine } from '../../../engine/index.ts'
import type { Localize } from '../../../i18n/localize.ts'
import { foldTrayIcon, openTrayIcon } from '../../parts/icons.ts'
import { trayStyles } from './tray.styles.ts'

/** How long a tray stays when all files are uploaded, in ms. */
const REST = 4_000

/** What a tray is about. */
type TrayHost = LitElement & { readonly engine: UploadEngine }

/**
 * The panel in the corner of the page: only its head, until people open it. When all files are uploaded
 * it goes by itself, unless the pointer or the focus is on it; after a failure it stays.
 */
export class Tray implements ReactiveController {
  /** Whether people opened it. */
  isOpen = false
  /** Whether it has gone by itself. */
  isAway = false
  readonly #host: TrayHost
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: TrayHost) {
    this.#host = host
    host.addController(this)
    const { elementStyles } = host.constructor as typeof LitElement
    adoptStyles(host.renderRoot as ShadowRoot, [...elementStyles, trayStyles])
  }

  hostUpdated(): void {
    if (!this.#isOver) this.#stay()
    else if (!this.isAway) this.#timer ??= setTimeout(this.#leave, REST)
  }

  hostDisconnected(): void {
    this.#stay()
  }

  /** The button that opens and folds it. */
  toggle(localize: Localize): TemplateResult {
    const text = localize.text('files')
    return html`<button
      type="button"
      class="toggle"
      aria-expanded=${this.isOpen}
      aria-controls="files"
      aria-label=${text}
      title=${text}
      @click=${this.#toggle}
    >${this.isOpen ? foldTrayIcon : openTrayIcon}</button>`
  }

  get #isOver(): boolean {
    const { progress, counts, rejections } = this.#host.engine
    return progress.active === 0 && counts.uploaded > 0 && counts.failed + rejections.length === 0
  }

  #stay(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.isAway) this.#host.requestUpdate()
    this.isAway = false
  }

  #leave = (): void => {
    this.#timer = undefined
    // Not from under the pointer or the focus: it looks again later.
    this.isAway = !this.#host.matches(':hover, :focus-within')
    if (this.isAway) this.isOpen = false
    this.#host.requestUpdate()
  }

  #toggle = (): void => {
    this.isOpen = !this.isOpen
    this.#host.requestUpdate()
  }
}
