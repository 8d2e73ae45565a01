/**
 * Registers `<bucket-upload>` and the elements that it is made of.
 *
 * @module
 */
import { BucketUpload } from './elements/bucket-upload/bucket-upload.ts'
import { BucketUploadButton } from './elements/bucket-upload-button/bucket-upload-button.ts'
import { BucketUploadDropZone } from './elements/bucket-upload-drop-zone/bucket-upload-drop-zone.ts'
import { BucketUploadExisting } from './elements/bucket-upload-existing/bucket-upload-existing.ts'
import { BucketUploadField } from './elements/bucket-upload-field/bucket-upload-field.ts'
import { BucketUploadInterrupted } from './elements/bucket-upload-interrupted/bucket-upload-interrupted.ts'
import { BucketUploadList } from './elements/bucket-upload-list/bucket-upload-list.ts'
import { BucketUploadMessages } from './elements/bucket-upload-messages/bucket-upload-messages.ts'
import { BucketUploadProgress } from './elements/bucket-upload-progress/bucket-upload-progress.ts'
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
