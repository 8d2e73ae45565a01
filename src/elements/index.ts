/** The elements, as classes: importing them registers no tag and touches no DOM. */
export type { ExistingFile } from './base/existing-files.ts'
export { BucketUpload } from './bucket-upload/bucket-upload.ts'
export { BucketUploadButton } from './bucket-upload-button/bucket-upload-button.ts'
export {
  BucketUploadDropZone,
  type UploadVariant,
} from './bucket-upload-drop-zone/bucket-upload-drop-zone.ts'
export { BucketUploadExisting } from './bucket-upload-existing/bucket-upload-existing.ts'
export { BucketUploadField } from './bucket-upload-field/bucket-upload-field.ts'
export { BucketUploadInterrupted } from './bucket-upload-interrupted/bucket-upload-interrupted.ts'
export { BucketUploadList } from './bucket-upload-list/bucket-upload-list.ts'
export { BucketUploadMessages } from './bucket-upload-messages/bucket-upload-messages.ts'
export { BucketUploadProgress } from './bucket-upload-progress/bucket-upload-progress.ts'
export type { FormValue } from './form/form-entries.ts'
