/**
 * Registers `<bucket-upload>`.
 *
 * @module
 */
import { BucketUpload } from './elements/bucket-upload.ts'
import type { UploadEventMap } from './engine/index.ts'

// On a server there is nothing to register; twice on one page must not be an error.
if (globalThis.customElements && !customElements.get('bucket-upload')) {
  customElements.define('bucket-upload', BucketUpload)
}

declare global {
  interface HTMLElementTagNameMap {
    'bucket-upload': BucketUpload
  }
  // Types `addEventListener('file-uploaded', …)` on every element and the document, since events bubble.
  interface GlobalEventHandlersEventMap extends UploadEventMap {}
}

export * from './index.ts'
