import { html, type TemplateResult } from 'lit'
import { baseStyles } from '../base/base.styles.ts'
import { PickerElement } from '../picker/picker-element.ts'

/**
 * A button that opens the file dialog.
 *
 * ```html
 * <bucket-upload-button for="attachments">Add files</bucket-upload-button>
 * ```
 *
 * @summary Opens the file dialog for an upload.
 * @tag bucket-upload-button
 *
 * @slot - Text of the button.
 *
 * @csspart button - The button.
 */
export class BucketUploadButton extends PickerElement {
  static override styles = [baseStyles]

  protected override render(): TemplateResult {
    return html`
      ${this.input()}
      <button
        type="button"
        class="browse"
        part="button"
        ?disabled=${this.isDisabled}
        @click=${this.browse}
      >
        <slot>${this.localize.text(this.browseText)}</slot>
      </button>
    `
  }
}
