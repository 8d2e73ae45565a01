/**
 * Registers `<bucket-upload-recorder>`, and the elements of `bucket-upload/define`.
 *
 * @module
 */
import './define.ts'
import { BucketUploadRecorder } from './elements/bucket-upload-recorder/bucket-upload-recorder.ts'

const ELEMENTS = {
  'bucket-upload-recorder': BucketUploadRecorder,
}

// A server has no registry. A page may load this file twice.
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (globalThis.customElements?.get(name) === undefined) {
    globalThis.customElements?.define(name, element)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bucket-upload-recorder': BucketUploadRecorder
  }
  // It bubbles, so that any element and the document can hear it.
  interface GlobalEventHandlersEventMap {
    'recording-failed': CustomEvent<{ error: DOMException }>
  }
}

export { BucketUploadRecorder }
