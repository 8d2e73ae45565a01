/** Uppy as people keep it, with the lines of the document that let it ask our signer. */

export { default as AwsS3 } from '@uppy/aws-s3'
export { default as Uppy } from '@uppy/core'
// @ts-expect-error: a script of a document has no types
export * from 'docs/migrate/uppy-dashboard.md#Keep Uppy'
