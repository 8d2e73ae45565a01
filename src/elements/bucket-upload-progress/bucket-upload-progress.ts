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
 * @csspart total - The line and the bar.
 */
export class BucketUploadProgress extends ViewElement {
  static override styles = [baseStyles]

  protected override readonly view = new LazyView(this, {
    module: views,
    create: ({ ProgressView }) => new ProgressView(this, this.binding),
    isNeeded: () => (this.engine?.ids.length ?? 0) > 0,
  })
}
