import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { UploadEngine } from '../../engine/index.ts'
import { baseStyles } from '../base/base.styles.ts'
import { EngineElement } from '../base/engine-element.ts'
import { displayName } from '../parts/file-name.ts'
import { closeIcon } from '../parts/icons.ts'
import { Announcer } from './announcer.ts'
import { messagesStyles } from './bucket-upload-messages.styles.ts'

/** How many rejections are listed; the others are counted. */
const REJECTIONS_SHOWN = 3

/**
 * Shows which files were rejected and why, and announces the progress to screen readers.
 *
 * @summary Shows which files were rejected, and announces the progress to screen readers.
 * @tag bucket-upload-messages
 *
 * @csspart rejections - The message about files that were not added.
 */
export class BucketUploadMessages extends EngineElement {
  static override styles = [baseStyles, messagesStyles]

  static override properties: PropertyDeclarations = {
    _announcement: { state: true },
  }

  declare private _announcement: string
  readonly #announcer = new Announcer(this.localize, (text) => {
    this._announcement = text
  })

  constructor() {
    super()
    this._announcement = ''
  }

  /** Announces a text to screen readers. */
  announce(text: string): void {
    this.#announcer.say(text)
  }

  protected override engineChanged(engine: UploadEngine | undefined): void {
    this.#announcer.listen(engine)
  }

  protected override render(): TemplateResult {
    return html`
      ${this.#rejected()}
      <div class="visually-hidden" role="status">${this._announcement}</div>
    `
  }

  #rejected(): TemplateResult | typeof nothing {
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
