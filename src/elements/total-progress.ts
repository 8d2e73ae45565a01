import { html, nothing, type TemplateResult } from 'lit'
import type { UploadEngine } from '../engine/index.ts'
import { baseStyles } from './base.styles.ts'
import { EngineElement } from './engine-element.ts'
import { barStyles } from './progress-bar.styles.ts'
import { summary } from './summary.ts'
import { totalProgressStyles } from './total-progress.styles.ts'

/**
 * One line and one bar for all files together, with what can be done with all of them.
 *
 * ```html
 * <bucket-upload-progress for="attachments"></bucket-upload-progress>
 * ```
 *
 * @summary Progress over all files of an upload.
 * @tag bucket-upload-progress
 *
 * @csspart total - The line and the bar.
 */
export class BucketUploadProgress extends EngineElement {
  static override styles = [baseStyles, barStyles, totalProgressStyles]

  protected override render(): TemplateResult | typeof nothing {
    const { engine, localize } = this
    if (!engine || engine.files.length === 0) return nothing
    const { loaded, total, active } = engine.progress
    return html`
      <div class="total" part="total">
        <div class="total-line">
          <span>${summary(engine, localize)}</span>
          <span class="total-actions">${this.#actions(engine)}</span>
        </div>
        ${
          active > 0
            ? html`<progress
                aria-label=${localize.text('totalProgress')}
                max="1"
                .value=${total === 0 ? 0 : loaded / total}
              ></progress>`
            : nothing
        }
      </div>
    `
  }

  #actions(engine: UploadEngine): TemplateResult[] {
    const has = (status: string) => engine.files.some((file) => file.status === status)
    const button = (key: 'start' | 'pauseAll' | 'resumeAll' | 'retryAll', run: () => void) =>
      html`<button type="button" @click=${run}>${this.localize.text(key)}</button>`
    const { active } = engine.progress
    const isMoving = has('uploading') || has('waiting')
    return [
      ...(engine.options.manual && has('queued') ? [button('start', () => engine.start())] : []),
      ...(isMoving ? [button('pauseAll', () => engine.pause())] : []),
      ...(!isMoving && has('paused') ? [button('resumeAll', () => engine.resume())] : []),
      ...(active === 0 && has('failed') ? [button('retryAll', () => engine.retry())] : []),
    ]
  }
}
