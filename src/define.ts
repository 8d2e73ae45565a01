/**
 * Registers `<bucket-upload>` and the elements that it is made of.
 *
 * @module
 */
import { BucketUpload } from './elements/bucket-upload.ts'
import { BucketUploadDropZone } from './elements/drop-zone.ts'
import { BucketUploadExisting } from './elements/existing-list.ts'
import { BucketUploadList } from './elements/file-list.ts'
import { BucketUploadInterrupted } from './elements/interrupted-uploads.ts'
import { BucketUploadMessages } from './elements/messages.ts'
import { BucketUploadProgress } from './elements/total-progress.ts'
import { BucketUploadButton } from './elements/upload-button.ts'
import { BucketUploadField } from './elements/upload-field.ts'
import type { UploadEventMap } from './engine/index.ts'

const ELEMENTS = {
  'bucket-upload-drop-zone': BucketUploadDropZone,
  'bucket-upload-button': BucketUploadButton,
  'bucket-upload-list': BucketUploadList,
  'bucket-upload-interrupted': BucketUploadInterrupted,
  'bucket-upload-existing': BucketUploadExisting,
  'bucket-upload-progress': BucketUploadProgress,
  'bucket-upload-messages': BucketUploadMessages,
  'bucket-upload-field': BucketUploadField,
  'bucket-upload': BucketUpload,
}

// On a server there is nothing to register; twice on one page must not be an error.
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (globalThis.customElements?.get(name) === undefined) {
    globalThis.customElements?.define(name, element)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bucket-upload': BucketUpload
    'bucket-upload-drop-zone': BucketUploadDropZone
    'bucket-upload-button': BucketUploadButton
    'bucket-upload-list': BucketUploadList
    'bucket-upload-interrupted': BucketUploadInterrupted
    'bucket-upload-existing': BucketUploadExisting
    'bucket-upload-field': BucketUploadField
    'bucket-upload-progress': BucketUploadProgress
    'bucket-upload-messages': BucketUploadMessages
  }
  // Types `addEventListener('file-uploaded', …)` on every element and the document, since events bubble.
  interface GlobalEventHandlersEventMap extends UploadEventMap {}
}

export * from './index.ts'
