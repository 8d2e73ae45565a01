import { type CSSResult, html, nothing, type TemplateResult } from 'lit'
import type { UploadEngine } from '../../engine/index.ts'
import type { Binding, EngineElement } from '../base/engine-element.ts'
import { displayName } from '../parts/file-name.ts'
import { closeIcon } from '../parts/icons.ts'
import { Announcer } from './announcer.ts'
import { messagesStyles } from './messages.styles.ts'
import { View } from './view.ts'

/** How many rejections are listed; the others are counted. */
const REJECTIONS_SHOWN = 3

/** What the messages show, and what they announce. */
export class MessagesView extends View {
  readonly #announcer: Announcer

  /** @param tell puts a text into the live region */
  constructor(host: EngineElement, binding: Binding, tell: (text: string) => void) {
    super(host, binding)
    this.#announcer = new Announcer(binding.localize, tell)
  }

  override get styles(): CSSResult[] {
    return [messagesStyles]
  }

  /** Announces what this engine does from now on, and no other. */
  listen(engine: UploadEngine | undefined): void {
    this.#announcer.listen(engine)
  }

  /** Announces an event of the engine, or a text. */
  hear(what: Event | string): void {
    if (typeof what === 'string') this.#announcer.say(what)
    else this.#announcer.hear(what as CustomEvent)
  }

  override render(): TemplateResult | typeof nothing {
    const { engine } = this
    const rejections = engine?.rejections ?? []
    const hidden = rejections.length - REJECTIONS_SHOWN
    if (rejections.length === 0) return nothing
    return html`
      <div class="rejections" part="rejections" role="alert">
        <ul>
          ${rejections
            .slice(0, REJECTIONS_SHOWN)
            .map(
              ({ file, error }) =>
                html`<li><bdi>${displayName(file.name)}</bdi>: ${this.localize.error(error)}</li>`,
            )}
          ${hidden > 0 ? html`<li>${this.localize.text('moreRejected', { count: hidden })}</li>` : nothing}
        </ul>
        <button
          type="button"
          class="icon"
          aria-label=${this.localize.text('dismiss')}
          @click=${() => engine?.dismissRejections()}
        >
          ${closeIcon}
        </button>
      </div>
    `
  }
}
