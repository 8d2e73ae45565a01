/**
 * Registers `<bucket-upload>` and the elements that it is made of.
 *
 * @module
 */
import {
  BucketUpload,
  BucketUploadButton,
  BucketUploadDropZone,
  BucketUploadExisting,
  BucketUploadField,
  BucketUploadInterrupted,
  BucketUploadList,
  BucketUploadMessages,
  BucketUploadProgress,
} from './elements/index.ts'
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

// A server has no registry. A page may load this file twice.
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
