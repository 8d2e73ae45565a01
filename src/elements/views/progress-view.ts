import { type CSSResult, html, nothing, type TemplateResult } from 'lit'
import type { UploadEngine } from '../../engine/index.ts'
import type { StringKey } from '../../i18n/strings.ts'
import type { Binding, EngineElement } from '../base/engine-element.ts'
import { shareOf } from '../parts/file-detail.ts'
import { progressBarStyles } from '../parts/progress-bar.styles.ts'
import { RateEstimate, type TransferRate } from '../parts/rate-estimate.ts'
import { RedrawTimer } from '../parts/redraw-timer.ts'
import { summary } from '../parts/summary.ts'
import { totalLineStyles } from '../parts/total-line.styles.ts'
import { progressStyles } from './progress.styles.ts'
import { View } from './view.ts'

/** What the total progress shows. */
export class ProgressView extends View {
  readonly #redrawTimer: RedrawTimer
  #estimate: RateEstimate | undefined
  /** The engine that the estimate is about. */
  #measured: UploadEngine | undefined
  #hadFocus = false

  constructor(host: EngineElement, binding: Binding) {
    super(host, binding)
    this.#redrawTimer = new RedrawTimer(host)
  }

  override get styles(): CSSResult[] {
    return [progressBarStyles, totalLineStyles, progressStyles]
  }

  override willRender(): void {
    this.#hadFocus = Boolean(this.host.shadowRoot?.activeElement)
    if (this.engine !== this.#measured) this.#estimate = undefined
    this.#measured = this.engine
  }

  override render(): TemplateResult | typeof nothing {
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

  override rendered(): void {
    if (!this.#hadFocus || this.host.shadowRoot?.activeElement) return
    // The focused button is gone. The next one may do something quite different.
    this.host.renderRoot.querySelector<HTMLElement>('.total')?.focus()
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
    return canRetry ? this.#button('retry', () => engine.retry()) : nothing
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
    this.host.dispatchEvent(new Event('list-emptied', { bubbles: true, composed: true }))
  }
}

/** Whether there is an upload that can be paused. */
function isMoving({ counts, unstarted }: UploadEngine): boolean {
  return counts.queued - unstarted + counts.uploading + counts.waiting > 0
}
