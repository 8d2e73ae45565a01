/**
 * Everything for the browser, and nothing that happens by itself: importing this registers no
 * element, touches no DOM, and works in Node.js. Import `bucket-upload/define` for the tag.
 *
 * @module
 */

export type { ExistingFile } from './elements/base/existing-files.ts'
export { BucketUpload } from './elements/bucket-upload/bucket-upload.ts'
export { BucketUploadButton } from './elements/bucket-upload-button/bucket-upload-button.ts'
export {
  BucketUploadDropZone,
  type UploadVariant,
} from './elements/bucket-upload-drop-zone/bucket-upload-drop-zone.ts'
export { BucketUploadExisting } from './elements/bucket-upload-existing/bucket-upload-existing.ts'
export { BucketUploadField } from './elements/bucket-upload-field/bucket-upload-field.ts'
export { BucketUploadInterrupted } from './elements/bucket-upload-interrupted/bucket-upload-interrupted.ts'
export { BucketUploadList } from './elements/bucket-upload-list/bucket-upload-list.ts'
export { BucketUploadMessages } from './elements/bucket-upload-messages/bucket-upload-messages.ts'
export { BucketUploadProgress } from './elements/bucket-upload-progress/bucket-upload-progress.ts'
export type { FormValue } from './elements/form/form-entries.ts'
export * from './engine/index.ts'
export {
  type Locale,
  type LocaleLoader,
  type OwnStrings,
  registerLocale,
  setLocaleLoader,
} from './i18n/localize.ts'
export type { Plural, StringKey, Strings } from './i18n/strings.ts'
