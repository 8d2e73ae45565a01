/** What is public of the presets. `src/server/index.ts` exports all of it. */
export { type IbmCosOptions, type IbmCosRegion, ibmCos } from './ibm-cos.ts'
export { type QencodeOptions, type QencodeRegion, qencode } from './qencode.ts'
export { type S3Options, s3 } from './s3.ts'
export { type StorjOptions, storj } from './storj.ts'
