/**
 * Everything for the browser, and nothing that happens by itself: importing this registers no
 * element, touches no DOM, and works in Node.js. Import `bucket-upload/define` for the tag.
 *
 * @module
 */
export { BucketUpload } from './elements/bucket-upload.ts'
export * from './engine/index.ts'
