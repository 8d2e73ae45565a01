import type { PropertyDeclarations } from 'lit'
import type { InterruptedUpload, UploadEngine } from '../../engine/index.ts'
import { baseStyles } from '../base/base.styles.ts'
import { contentsStyles } from '../lazy/host.styles.ts'
import { views } from '../lazy/lazy-module.ts'
import { LazyView } from '../lazy/lazy-view.ts'
import { ViewElement } from '../lazy/view-element.ts'

/**
 * Offers to continue uploads of an earlier page. It is empty if there are none.
 *
 * ```html
 * <bucket-upload-interrupted for="attachments"></bucket-upload-interrupted>
 * ```
 *
 * @summary Continues uploads that were interrupted by a reload or a crash.
 * @tag bucket-upload-interrupted
 *
 * @event list-emptied - The last one was continued or discarded.
 *
 * @csspart interrupted - The uploads, with what is above and below them.
 * @csspart file-name - The name of a file.
 */
export class BucketUploadInterrupted extends ViewElement {
  static override styles = [baseStyles, contentsStyles]

  static override properties: PropertyDeclarations = {
    _uploads: { state: true },
  }

  /** `undefined` until the first one was found. */
  declare private _uploads: readonly InterruptedUpload[] | undefined

  /** What the list was made for: with another signer or number of files it is out of date. */
  #seen: { signer: unknown; count: number } | undefined
  /** The code that lists them could not be loaded. It is tried again with the next file. */
  #isUnknown = false
  #requests = 0

  protected override readonly view = new LazyView(this, {
    module: views,
    create: ({ InterruptedView }) =>
      new InterruptedView(this, this.binding, {
        uploads: () => this._uploads ?? [],
        remove: (id) => {
          this._uploads = this._uploads?.filter((it) => it.id !== id)
        },
        refresh: (engine) => this.#refresh(engine),
      }),
    isNeeded: () => this._uploads !== undefined,
  })

  protected override engineChanged(): void {
    this.#seen = undefined
  }

  protected override updated(): void {
    const { engine } = this
    if (engine && this.#isStale(engine)) void this.#refresh(engine)
  }

  #isStale({ ids, options }: UploadEngine): boolean {
    const seen = this.#seen
    if (!seen || seen.signer !== options.signer) return true
    const isShown = this.#isUnknown || Boolean(this._uploads?.length)
    return isShown && ids.length !== seen.count
  }

  async #refresh(engine: UploadEngine): Promise<void> {
    this.#seen = { signer: engine.options.signer, count: engine.ids.length }
    const request = ++this.#requests
    // What a form sends, the browser restores with the form.
    if (!(this.owner as { form?: unknown } | undefined)?.form)
      engine.resumeProcessing().catch(() => {})
    const uploads = await engine.interrupted().catch(() => undefined)
    if (request !== this.#requests || engine !== this.engine) return
    this.#isUnknown = uploads === undefined
    if (uploads && (uploads.length > 0 || this._uploads)) this._uploads = uploads
  }
}
