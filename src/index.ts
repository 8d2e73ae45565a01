/**
 * Everything for the browser, and nothing that happens by itself: importing this registers no
 * element, touches no DOM, and works in Node.js. Import `bucket-upload/define` for the tag.
 *
 * @module
 */
export { BucketUpload } from './elements/bucket-upload.ts'
export { BucketUploadDropZone, type UploadVariant } from './elements/drop-zone.ts'
export type { ExistingFile } from './elements/existing-files.ts'
export { BucketUploadExisting } from './elements/existing-list.ts'
export { BucketUploadList } from './elements/file-list.ts'
export type { FormValue } from './elements/form-entries.ts'
export { BucketUploadInterrupted } from './elements/interrupted-uploads.ts'
export {
  type Locale,
  type LocaleLoader,
  type OwnStrings,
  registerLocale,
  setLocaleLoader,
} from './elements/localize.ts'
export { BucketUploadMessages } from './elements/messages.ts'
export type { Plural, StringKey, Strings } from './elements/strings.ts'
export { BucketUploadProgress } from './elements/total-progress.ts'
export { BucketUploadButton } from './elements/upload-button.ts'
export { BucketUploadField } from './elements/upload-field.ts'
export * from './engine/index.ts'
