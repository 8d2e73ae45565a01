import { baseStyles } from '../base/base.styles.ts'
import { containerStyles } from '../lazy/host.styles.ts'
import { views } from '../lazy/lazy-module.ts'
import { LazyView } from '../lazy/lazy-view.ts'
import { ViewElement } from '../lazy/view-element.ts'

/**
 * The files that a form has already. Until the form is sent, people can remove them and change their mind.
 * It shows the files of the `<bucket-upload>` that it is in, or whose id is in `for`.
 *
 * ```html
 * <bucket-upload-existing for="attachments"></bucket-upload-existing>
 * ```
 *
 * @summary Lists the files that a form has already, to keep or to remove.
 * @tag bucket-upload-existing
 *
 * @csspart existing - The list.
 * @csspart existing-file - One file of the list.
 * @csspart file-name - The name in a row.
 * @csspart link - The link to a file.
 * @csspart toggle-button - The button that removes a file, or keeps a removed one.
 */
export class BucketUploadExisting extends ViewElement {
  static override styles = [baseStyles, containerStyles]

  protected override readonly view = new LazyView(this, {
    module: views,
    create: ({ ExistingView }) => new ExistingView(this, this.binding),
    isNeeded: () => (this.owner?.existingFiles?.all.length ?? 0) > 0,
  })
}
