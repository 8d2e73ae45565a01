import { numberFormat } from '../util/number-format.ts'

/** A text for each plural category of the language; `other` is required. */
export type Plural = { [category in Intl.LDMLPluralRule]?: string } & { other: string }

/**
 * All texts of the elements, in English. Words in braces are placeholders: a translation may move them,
 * and must keep them. A text with a count has a form for each plural category of the language.
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

  files: 'Files',
  showAll: { one: 'Show all {count}', other: 'Show all {count}' },
  showFewer: 'Show fewer',
  waiting: 'Waiting',
  /** The page checks the file before it is uploaded. */
  checking: 'Checking…',
  progress: '{loaded} of {size}',
  /** {time} is a number of seconds, minutes or hours. */
  timeLeft: 'about {time} left',
  secondsLeft: 'a few seconds left',
  /** No byte was sent for some seconds. */
  notMoving: 'Waiting for the connection',
  paused: 'Paused',
  /** After the first sentence of an error. */
  goesOn: 'Continues by itself.',
  finishing: 'Finishing…',
  /** A file of a cloud drive, before it is sent. */
  copying: 'Copying the file first…',
  uploaded: 'Uploaded',
  cancelled: 'Cancelled',
  totalProgress: 'Total progress',
  progressOf: 'Progress of {name}',
  /** Files that were added, and wait for the start. */
  filesReady: { one: '{count} file ready to upload', other: '{count} files ready to upload' },
  uploadedOf: { one: '{done} of {count} uploaded', other: '{done} of {count} uploaded' },
  /** No file of the list has failed or was cancelled. */
  filesUploaded: { one: '{count} file uploaded', other: 'All {count} files uploaded' },
  someUploaded: { one: '{count} uploaded', other: '{count} uploaded' },
  filesFailed: { one: '{count} failed', other: '{count} failed' },
  /** The two texts above. */
  uploadedAndFailed: '{uploaded}, {failed}',
  /** Files that were rejected for the same reason. */
  nameAndOthers: { one: '{name} and {count} other', other: '{name} and {count} others' },
  moreRejected: { one: 'And {count} more.', other: 'And {count} more.' },
  filesAdded: { one: 'Uploading {count} file.', other: 'Uploading {count} files.' },
  percentUploaded: '{percent} uploaded.',

  /** Uploads of an earlier page. */
  interruptedUploads: { one: 'Unfinished upload', other: 'Unfinished uploads' },
  uploadedPart: '{percent} of {size} uploaded.',
  chooseToContinue: 'Choose the file again to continue.',
  chooseAgain: 'Choose again',
  continue: 'Continue',
  continueAll: 'Continue all',
  discard: 'Discard',
  discarded: 'Discarded: {name}',

  start: 'Start upload',
  pause: 'Pause',
  pauseAll: 'Pause all',
  resume: 'Resume',
  resumeAll: 'Resume all',
  cancel: 'Cancel',
  cancelAll: 'Cancel all',
  retry: 'Try again',
  remove: 'Remove',
  /** The file stays in the bucket. */
  removeFromList: 'Remove from list',
  clear: 'Clear',
  dismiss: 'Dismiss',
  open: 'Open',
  share: 'Share',
  copyLink: 'Copy link',
  copyLinks: 'Copy all links',
  copied: 'Copied',
  linkCopied: 'Link copied.',
  linksCopied: { one: '{count} link copied.', other: '{count} links copied.' },
  notCopied: 'The link could not be copied.',
  /** {time} is a time of day, or a date and a time. */
  linkUntil: 'Link works until {time}',
  /** {time} is a number of minutes. */
  linkFor: 'Link works for another {time}',
  linkExpired: 'Link expired',
  renewLink: 'Renew link',
  linkNotRenewed: 'The link could not be renewed. Try again in a moment.',
  /** Accessible name of a button: what it does, and to which file. */
  actionOn: '{action}: {name}',

  existingFiles: 'Files that are here already',
  keep: 'Keep',
  willBeRemoved: 'Will be removed',
  willBeKept: 'Will be kept',
  change: 'Change',

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

/** The name of a text. */
export type StringKey = keyof typeof ENGLISH

/** All texts, in one language. */
export type Strings = {
  [Key in StringKey]: (typeof ENGLISH)[Key] extends string ? string : Plural
}

/** Values for the placeholders. */
export type Values = Record<string, string | number>

/** Fills in the placeholders. Numbers are formatted for the language. */
export function fill(text: string, values: Values, locale: string): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => {
    const value = values[name]
    if (typeof value === 'number') return numberFormat(locale, {}).format(value)
    return value ?? all
  })
}

/** Making one takes a hundred times as long as using it. */
const plurals = new Map<string, Intl.PluralRules>()

/** Selects the plural form for `count`. */
export function choose(text: string | Plural, values: Values, locale: string): string {
  if (typeof text === 'string') return text
  const rules = plurals.get(locale) ?? new Intl.PluralRules(locale)
  plurals.set(locale, rules)
  const category = rules.select(Number(values.count))
  return text[category] ?? text.other
}
