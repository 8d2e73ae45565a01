/** FilePond as people keep it, with the lines of the document that hand its files to our engine. */

// @ts-expect-error: a script of a document has no types
export * from 'docs/migrate/filepond.md#Keep FilePond'
export { create } from 'filepond'
