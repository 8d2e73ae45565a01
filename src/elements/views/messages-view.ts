import { type CSSResult, html, nothing, type TemplateResult } from 'lit'
import type { UploadEngine } from '../../engine/index.ts'
import type { Binding, EngineElement } from '../base/engine-element.ts'
import { displayName } from '../parts/file-name.ts'
import { closeIcon, failedIcon } from '../parts/icons.ts'
import { Announcer } from './announcer.ts'
import { controlStyles } from './control.styles.ts'
import { messagesStyles } from './messages.styles.ts'
import { View } from './view.ts'

type Rejections = UploadEngine['rejections']

/** How many reasons are listed; the files with others are counted. */
const REASONS_SHOWN = 3

/** What the messages show, and what they announce. */
export class MessagesView extends View {
  readonly #announcer: Announcer
  /** The rejections that were brought into view. */
  #seen: Rejections | undefined

  /** @param tell puts a text into the live region */
  constructor(host: EngineElement, binding: Binding, tell: (text: string) => void) {
    super(host, binding)
    this.#announcer = new Announcer(binding.localize, tell)
  }

  override get styles(): CSSResult[] {
    return [controlStyles, messagesStyles]
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
    if (rejections.length === 0) return nothing
    const groups = [...this.#grouped(rejections)]
    const hidden = groups.slice(REASONS_SHOWN).reduce((sum, [, names]) => sum + names.length, 0)
    return html`
      <div class="rejections" part="rejections" role="alert">
        ${failedIcon}
        <ul>
          ${groups.slice(0, REASONS_SHOWN).map(([reason, names]) => this.#group(reason, names))}
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

  override rendered(): void {
    const rejections = this.engine?.rejections
    if (rejections === this.#seen) return
    this.#seen = rejections
    if (!rejections?.length) return
    this.host.renderRoot.querySelector('.rejections')?.scrollIntoView({ block: 'nearest' })
  }

  /** The names of the files by the reason, in words. */
  #grouped(rejections: Rejections): Map<string, string[]> {
    const groups = new Map<string, string[]>()
    for (const { file, error } of rejections) {
      const reason = this.localize.error(error)
      const names = groups.get(reason) ?? []
      names.push(displayName(file.name))
      groups.set(reason, names)
    }
    return groups
  }

  #group(reason: string, [name = '', ...others]: string[]): TemplateResult {
    const who =
      others.length === 0
        ? name
        : this.localize.text('nameAndOthers', { name, count: others.length })
    return html`<li><span class="who"><bdi>${who}</bdi></span> ${reason}</li>`
  }
}
