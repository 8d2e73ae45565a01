import { html, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { UploadEngine } from '../../engine/index.ts'
import { baseStyles } from '../base/base.styles.ts'
import { views } from '../lazy/lazy-module.ts'
import { LazyView } from '../lazy/lazy-view.ts'
import { ViewElement } from '../lazy/view-element.ts'

/** The events that are announced. */
const ANNOUNCED = [
  'upload-started',
  'upload-progress',
  'processing-started',
  'file-failed',
  'upload-complete',
]
/** How many events wait for the code that announces them. */
const MOST_WAITING = 100

/**
 * Shows which files were rejected and why, and announces the progress to screen readers.
 *
 * @summary Shows which files were rejected, and announces the progress to screen readers.
 * @tag bucket-upload-messages
 *
 * @csspart rejections - The message about files that were not added.
 */
export class BucketUploadMessages extends ViewElement {
  static override styles = [baseStyles]

  static override properties: PropertyDeclarations = {
    _announcement: { state: true },
  }

  declare private _announcement: string
  /** What happened and what is to be announced before the view was loaded. */
  #waiting: (Event | string)[] = []
  /** The engine whose events are heard. */
  #heard: UploadEngine | undefined

  protected override readonly view = new LazyView(this, {
    module: views,
    create: ({ MessagesView }) => {
      const view = new MessagesView(this, this.binding, (text) => {
        this._announcement = text
      })
      view.listen(this.#heard)
      for (const each of this.#waiting) view.hear(each)
      this.#waiting = []
      return view
    },
    isNeeded: () => this.#waiting.length > 0 || (this.engine?.rejections.length ?? 0) > 0,
  })

  constructor() {
    super()
    this._announcement = ''
  }

  /** Announces a text to screen readers. */
  announce(text: string): void {
    this.#hear(text)
  }

  protected override engineChanged(engine: UploadEngine | undefined): void {
    for (const name of ANNOUNCED) {
      this.#heard?.removeEventListener(name, this.#hear)
      engine?.addEventListener(name, this.#hear)
    }
    this.#heard = engine
    this.#waiting = []
    this.view.now?.listen(engine)
  }

  protected override render(): TemplateResult {
    return html`
      ${this.view.render()}
      <div class="visually-hidden" role="status">${this._announcement}</div>
    `
  }

  #hear = (what: Event | string): void => {
    if (this.view.now) {
      this.view.now.hear(what)
      return
    }
    // There is more progress to come.
    if (what instanceof Event && what.type === 'upload-progress') return
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(what)
    this.schedule()
  }
}
