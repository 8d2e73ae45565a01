import { html, nothing, type TemplateResult } from 'lit'
import type { UploadEngine } from '../../engine/index.ts'
import type { StringKey } from '../../i18n/strings.ts'
import { baseStyles } from '../base/base.styles.ts'
import { EngineElement } from '../base/engine-element.ts'
import { shareOf } from '../parts/file-detail.ts'
import { progressBarStyles } from '../parts/progress-bar.styles.ts'
import { RateEstimate, type TransferRate } from '../parts/rate-estimate.ts'
import { RedrawTimer } from '../parts/redraw-timer.ts'
import { summary } from '../parts/summary.ts'
import { totalLineStyles } from '../parts/total-line.styles.ts'
import { progressStyles } from './bucket-upload-progress.styles.ts'

/**
 * A line and a bar for all files together, with buttons that act on all of them.
 *
 * ```html
 * <bucket-upload-progress for="attachments"></bucket-upload-progress>
 * ```
 *
 * @summary Progress over all files of an upload.
 * @tag bucket-upload-progress
 *
 * @event {Event} list-emptied - All files were removed from the list.
 *
 * @csspart total - The line and the bar.
 */
export class BucketUploadProgress extends EngineElement {
  static override styles = [baseStyles, progressBarStyles, totalLineStyles, progressStyles]

  readonly #redrawTimer = new RedrawTimer(this)
  #estimate: RateEstimate | undefined
  #hadFocus = false

  protected override engineChanged(): void {
    this.#estimate = undefined
  }

  protected override render(): TemplateResult | typeof nothing {
    const { engine, localize } = this
    if (!engine || engine.ids.length === 0) return nothing
    const { loaded, total, active } = engine.progress
    const share = shareOf(loaded, total)
    return html`
      <div class="total" part="total" tabindex="-1">
        <div class="total-line">
          <span>${summary(engine, localize, this.#rate(engine))}</span>
          <span class="total-actions">${this.#main(engine)}${this.#end(engine)}</span>
        </div>
        ${
          active > 0
            ? html`<progress aria-label=${localize.text('totalProgress')} max="1" .value=${share}></progress>`
            : nothing
        }
      </div>
    `
  }

  protected override updated(): void {
    if (!this.#hadFocus || this.shadowRoot?.activeElement) return
    // The focused button is gone. The next one may do something quite different.
    this.renderRoot.querySelector<HTMLElement>('.total')?.focus()
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    super.willUpdate(changed)
    this.#hadFocus = Boolean(this.shadowRoot?.activeElement)
  }

  #rate(engine: UploadEngine): TransferRate | undefined {
    const { loaded, total, active } = engine.progress
    if (active === 0) {
      this.#estimate = undefined
      return undefined
    }
    this.#estimate ??= new RateEstimate()
    const rate = this.#estimate.update(loaded, total, performance.now())
    // Files that wait or are paused do not move.
    if (engine.counts.uploading === 0)
      return { loaded, speed: 0, timeLeft: undefined, isStill: false }
    this.#redrawTimer.after(this.#estimate.changesIn)
    return rate
  }

  /** The button that starts, pauses, resumes or retries. */
  #main(engine: UploadEngine): TemplateResult | typeof nothing {
    const { paused, failed } = engine.counts
    if (engine.unstarted > 0) return this.#button('start', () => engine.start())
    if (isMoving(engine)) return this.#button('pauseAll', () => engine.pause())
    if (paused > 0) return this.#button('resumeAll', () => engine.resume())
    const canRetry = failed > 0 && engine.progress.active === 0
    return canRetry ? this.#button('retryAll', () => engine.retry()) : nothing
  }

  /** The button that clears or cancels. Cancelling all needs a pause first, against slips. */
  #end(engine: UploadEngine): TemplateResult | typeof nothing {
    const { active } = engine.progress
    if (active === 0 || active === engine.unstarted) {
      return this.#button('clear', () => this.#clear(engine))
    }
    const isPaused = engine.counts.paused > 0 && !isMoving(engine)
    return isPaused ? this.#button('cancelAll', () => engine.cancel()) : nothing
  }

  #button(key: StringKey, run: () => void): TemplateResult {
    return html`<button type="button" @click=${run}>${this.localize.text(key)}</button>`
  }

  #clear(engine: UploadEngine): void {
    engine.dismissRejections()
    engine.clear()
    this.dispatchEvent(new Event('list-emptied', { bubbles: true, composed: true }))
  }
}

/** Whether there is an upload that can be paused. */
function isMoving({ counts, unstarted }: UploadEngine): boolean {
  return counts.queued - unstarted + counts.uploading + counts.waiting > 0
}
