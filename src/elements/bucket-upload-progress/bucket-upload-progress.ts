import type { PropertyDeclarations } from 'lit'
import { baseStyles } from '../base/base.styles.ts'
import { views } from '../lazy/lazy-module.ts'
import { LazyView } from '../lazy/lazy-view.ts'
import { ViewElement } from '../lazy/view-element.ts'

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
 * @slot - More buttons, after its own.
 *
 * @csspart total - The words, the bar and the buttons. It is also called `head`.
 * @csspart head - The same as `total`.
 * @csspart percent - How much is uploaded.
 * @csspart add-button - The button that adds files.
 * @csspart copy-links - The button that copies all links.
 */
export class BucketUploadProgress extends ViewElement {
  static override styles = [baseStyles]

  static override properties: PropertyDeclarations = {
    links: {},
    linksFormat: { attribute: 'links-format' },
    details: {},
  }

  /**
   * What is shown of links: nothing; with `copy`, a button that copies one; with `full`, all that can be
   * done with one. By default as in the element that this one is bound to.
   */
  declare links: 'copy' | 'full' | '' | undefined
  /**
   * How all links are copied: one on a line (`text`), as a Markdown list, or as a CSV table.
   *
   * @default 'text'
   */
  declare linksFormat: 'text' | 'markdown' | 'csv' | undefined
  /** With `full`, sizes and speeds besides how far an upload is. */
  declare details: 'full' | undefined

  protected override readonly view = new LazyView(this, {
    module: views,
    create: ({ ProgressView }) => new ProgressView(this, this.binding),
    isNeeded: () => (this.engine?.ids.length ?? 0) > 0,
  })
}
