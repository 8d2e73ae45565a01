import type { UploadEventMap, UploadedFile } from 'bucket-upload'
import 'bucket-upload/define'
import { html, LitElement } from 'lit'

/** A page that is an element itself: ours is in its shadow root, and the events come out of it. */
class UploadPage extends LitElement {
  static override properties = { _files: { state: true } }

  declare private _files: UploadedFile[]

  constructor() {
    super()
    this._files = []
  }

  protected override render() {
    return html`
      <h1>bucket-upload in Lit</h1>
      <bucket-upload
        signer=${import.meta.env.VITE_SIGNER ?? '/sign'}
        label="Your files"
        multiple
        @file-uploaded=${this.#remember}
      ></bucket-upload>
      <ul class="links">
        ${this._files.map(
          ({ name, downloadUrl }) => html`<li><a href=${downloadUrl ?? ''}>${name}</a></li>`,
        )}
      </ul>
    `
  }

  #remember({ detail }: UploadEventMap['file-uploaded']): void {
    this._files = [...this._files, detail]
  }
}

customElements.define('upload-page', UploadPage)
