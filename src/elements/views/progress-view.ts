import { type CSSResult, html, nothing, type TemplateResult } from 'lit'
import type { UploadEngine } from '../../engine/index.ts'
import { percentage } from '../../i18n/measures.ts'
import type { StringKey } from '../../i18n/strings.ts'
import type { Binding, EngineElement } from '../base/engine-element.ts'
import { type ShownSettings, shownBy } from '../base/shown.ts'
import { shareOf } from '../parts/file-detail.ts'
import {
  addIcon,
  clearIcon,
  closeIcon,
  doneIcon,
  linkIcon,
  markIcon,
  pauseIcon,
  resumeIcon,
  shareIcon,
} from '../parts/icons.ts'
import { progressBarStyles } from '../parts/progress-bar.styles.ts'
import { RateEstimate, type TransferRate } from '../parts/rate-estimate.ts'
import { RedrawTimer } from '../parts/redraw-timer.ts'
import { badgeStyles } from './badge.styles.ts'
import { controlStyles } from './control.styles.ts'
import { cureOf } from './cures.ts'
import { headText } from './head-text.ts'
import { LinkSource } from './links/link-source.ts'
import { progressStyles } from './progress.styles.ts'
import { addingOwner, clearList, View } from './view.ts'

type ProgressHost = EngineElement & ShownSettings

/** What the total progress shows. */
export class ProgressView extends View<ProgressHost> {
  readonly #redrawTimer: RedrawTimer
  readonly #links: LinkSource
  #estimate: RateEstimate | undefined
  /** The engine that the estimate is about. */
  #measured: UploadEngine | undefined
  #hadFocus = false
  #wasActive = false
  /** Whether the upload was seen while it was active, so that its end is shown. */
  #isFinish = false

  constructor(host: ProgressHost, binding: Binding) {
    super(host, binding)
    this.#redrawTimer = new RedrawTimer(host)
    this.#links = new LinkSource(host, binding.localize)
  }

  override get styles(): CSSResult[] {
    return [controlStyles, progressBarStyles, badgeStyles, progressStyles]
  }

  override willRender(): void {
    this.#hadFocus = Boolean(this.host.shadowRoot?.activeElement)
    if (this.engine !== this.#measured) this.#estimate = undefined
    this.#measured = this.engine
  }

  override render(): TemplateResult | typeof nothing {
    const { engine, localize } = this
    if (!engine || engine.ids.length === 0) return nothing
    const { loaded, total, active, growing } = engine.progress
    const isActive = active > 0
    if (isActive !== this.#wasActive) this.#isFinish = !isActive && engine.counts.failed === 0
    this.#wasActive = isActive
    const { isShort } = shownBy(this.host, this.owner)
    const text = headText(engine, localize, this.#rate(engine), isShort)
    const { message, isProblem } = this.#links.state
    const main = this.#main(engine)
    const share = shareOf(loaded, total)
    return html`
      <div
        class=${`total ${this.#stateOf(engine)}`}
        part="total head"
        tabindex="-1"
        title=${text.tip || nothing}
      >
        ${isActive && growing === 0 ? html`<span class="percent" part="percent">${percentage(Math.min(share, 0.99), localize)}</span>` : this.#disc(engine)}
        <div class="words">
          <div class="title">${text.title}</div>
          <div class="subtitle">${text.subtitle}</div>
        </div>
        <span class="total-actions">${this.#copyLinks(engine)}${this.#end(engine)}${this.#add()}${main}<slot></slot></span>
        ${
          growing > 0
            ? this.#growth(engine)
            : isActive
              ? html`<progress aria-label=${localize.text('totalProgress')} max="1" .value=${share}></progress>`
              : this.#isFinish
                ? html`<span class="finish"></span>`
                : nothing
        }
      </div>
      <div class=${isProblem ? 'problem' : 'visually-hidden'} role="status">${message}</div>
    `
  }

  override rendered(): void {
    if (!this.#hadFocus || this.host.shadowRoot?.activeElement) return
    // The focused button is gone. The next one may do something quite different.
    this.host.renderRoot.querySelector<HTMLElement>('.total')?.focus()
  }

  /** Classes of the head. */
  #stateOf(engine: UploadEngine): string {
    const { progress, counts } = engine
    const isWorded = engine.unstarted > 0 || (!isMoving(engine) && this.#failed(engine).length > 0)
    const isPaused = counts.paused > 0 && !isMoving(engine)
    const state =
      progress.active === 0
        ? 'over'
        : isPaused
          ? 'still paused'
          : counts.uploading > 0
            ? ''
            : 'still'
    return isWorded ? `${state} worded` : state
  }

  /** The bar while nobody knows how long it gets. */
  #growth({ counts }: UploadEngine): TemplateResult | typeof nothing {
    const label = this.localize.text('totalProgress')
    return counts.uploading > 0 ? html`<progress aria-label=${label} max="1"></progress>` : nothing
  }

  #disc({ counts, progress }: UploadEngine): TemplateResult {
    if (progress.growing > 0) return html`<span class="disc">${shareIcon}</span>`
    if (counts.failed > 0) return html`<span class="disc failed">${markIcon}</span>`
    if (counts.uploaded > 0) return html`<span class="disc uploaded done">${doneIcon}</span>`
    return html`<span class="disc">${closeIcon}</span>`
  }

  #rate(engine: UploadEngine): TransferRate | undefined {
    const { active, growing, total } = engine.progress
    // Of a stream more is read than is sent, and shown.
    const loaded = growing > 0 ? total : engine.progress.loaded
    if (active === 0) {
      this.#estimate = undefined
      return undefined
    }
    this.#estimate ??= new RateEstimate()
    const rate = this.#estimate.update(loaded, growing > 0 ? undefined : total, performance.now())
    // Files that wait or are paused do not move.
    if (engine.counts.uploading === 0)
      return { loaded, speed: 0, timeLeft: undefined, isStill: false }
    this.#redrawTimer.after(this.#estimate.changesIn)
    return rate
  }

  /** The button that starts, pauses, resumes or retries. */
  #main(engine: UploadEngine): TemplateResult | typeof nothing {
    const { paused } = engine.counts
    if (engine.unstarted > 0) return this.#button('start', () => engine.start(), 'start')
    if (isMoving(engine)) return this.#icon('pauseAll', pauseIcon, () => engine.pause())
    if (paused > 0) return this.#icon('resumeAll', resumeIcon, () => engine.resume())
    const failed = this.#failed(engine)
    if (failed.length === 0) return nothing
    const retry = () => {
      for (const id of failed) engine.retry(id)
    }
    return this.#button('retry', retry, 'accent')
  }

  /** Ids of the failed files for which another attempt may help, once nothing is active. */
  #failed(engine: UploadEngine): string[] {
    if (engine.counts.failed === 0 || engine.progress.active > 0) return []
    return engine.files
      .filter((file) => cureOf(file) === 'retry' && file.status === 'failed')
      .map(({ id }) => id)
  }

  /** The button that clears or cancels. Cancelling all needs a pause first, against slips. */
  #end(engine: UploadEngine): TemplateResult | typeof nothing {
    const { active } = engine.progress
    if (active === 0 || active === engine.unstarted) {
      return this.#either('clear', clearIcon, () => clearList(this.host), 'clear')
    }
    const isPaused = engine.counts.paused > 0 && !isMoving(engine)
    return isPaused ? this.#either('cancelAll', closeIcon, () => engine.cancel()) : nothing
  }

  #add(): TemplateResult | typeof nothing {
    const owner = addingOwner(this.host, this.owner)
    if (!owner || owner.limit === 1) return nothing
    const text = this.localize.text('addMore')
    return html`<button
      type="button"
      class="either accent add"
      part="add-button"
      aria-label=${text}
      title=${text}
      @click=${() => owner.browse?.()}
    >
      ${addIcon}<span class="wide">${text}</span><span class="short">${this.localize.text('add')}</span>
    </button>`
  }

  #copyLinks(engine: UploadEngine): TemplateResult | typeof nothing {
    const { links, format } = shownBy(this.host, this.owner)
    const { uploaded } = engine.counts
    if (links === 'none' || uploaded < 2 || engine.progress.active > 0) return nothing
    if (!engine.files.some((file) => file.status === 'uploaded' && file.downloadUrl)) return nothing
    const isCopied = this.#links.state.copied === format
    const run = () => this.#links.run((actions) => actions.copyAll(format))
    const icon = isCopied ? doneIcon : linkIcon
    const text = this.localize.text(isCopied ? 'copied' : 'copyLinks')
    return html`<button
      type="button"
      class="either"
      part="copy-links"
      aria-label=${text}
      title=${text}
      @click=${run}
    >${icon}<span>${text}</span></button>`
  }

  #button(key: StringKey, run: () => void, kind = ''): TemplateResult {
    return html`<button type="button" class=${kind} @click=${run}>${this.localize.text(key)}</button>`
  }

  #icon(key: StringKey, icon: TemplateResult, run: () => void): TemplateResult {
    const text = this.localize.text(key)
    return html`<button type="button" class="icon" aria-label=${text} title=${text} @click=${run}>${icon}</button>`
  }

  /** A button with words, or an icon where there is little space. */
  #either(key: StringKey, icon: TemplateResult, run: () => void, kind = ''): TemplateResult {
    const text = this.localize.text(key)
    return html`<button
      type="button"
      class="either ${kind}"
      aria-label=${text}
      title=${text}
      @click=${run}
    >${icon}<span>${text}</span></button>`
  }
}

/** Whether there is an upload that can be paused. */
function isMoving({ counts, unstarted }: UploadEngine): boolean {
  return counts.queued - unstarted + counts.uploading + counts.waiting > 0
}
