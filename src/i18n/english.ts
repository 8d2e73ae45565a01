import type { Plural } from './plural.ts'

/**
 * The texts that are needed before there are files, in English; the others are in english-of-views.ts.
 * Words in braces are placeholders: a translation may move them, and must keep them. A text with a count
 * has a form for each plural category of the language.
 */
export const ENGLISH = {
  /** Name of the component, if the page gives it no label. */
  fileUpload: 'File upload',
  chooseFile: 'Choose a file',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose a folder',
  /** Titles of the empty drop zone: for a pointer that can drop, and for fingers. */
  dropFile: 'Drop a file here',
  dropFiles: 'Drop files here',
  dropFolder: 'Drop a folder here',
  addFile: 'Add a file',
  addFiles: 'Add files',
  orDropIt: 'or drop it here',
  orDropThem: 'or drop them here',
  /** Covers the page while files are dragged over it. */
  dropToUpload: 'Drop to upload',
  /** While files are dragged over the element: to the files that it has, or in place of its file. */
  dropToAdd: 'Drop to add',
  dropToReplace: 'Drop to replace',
  add: 'Add',
  addMore: 'Add more',
  /** A size, as `Intl` formats it. Languages from right to left isolate it. */
  size: '{size}',
  upTo: 'up to {size}',
  /** In place of `upTo` where there may be several files. */
  upToEach: 'up to {size} each',
  images: 'images',
  videos: 'videos',
  audioFiles: 'audio files',
  textFiles: 'text files',
  /** Separates the parts of the hint: types and size. */
  comma: ', ',

  valueMissing: 'Choose a file.',
  stillUploading: 'Wait until the upload is finished.',
  notStarted: 'Start the upload first.',
  uploadPaused: 'The upload is paused. Resume it, or remove the file.',
  notUploaded: 'A file could not be uploaded. Try again, or remove it.',
  tooMany: {
    one: 'No more than {count} file can be uploaded here. Remove the others.',
    other: 'No more than {count} files can be uploaded here. Remove the others.',
  },
  /** The form was submitted, and waits for the uploads. */
  submitHeld: 'The form will be sent as soon as the upload is finished.',
} satisfies Record<string, string | Plural>
