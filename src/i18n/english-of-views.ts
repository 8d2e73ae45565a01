import type { Plural } from './plural.ts'

/** The texts about files, in English. They come with what shows files. */
export const ENGLISH_OF_VIEWS = {
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
  /** The site works on a file that is stored: it looks for viruses, or converts a film. A percentage may follow. */
  processing: 'Processing…',
  /** A file of a cloud drive, before it is sent. */
  copying: 'Copying the file first…',
  /** A recording, or other data whose length nobody knows before, ended with an error. */
  brokenOff: 'It broke off before it was complete. Start again.',
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
  /** For an uploaded file that can be taken back: the object is deleted too. */
  discardFile: 'Delete file',
  notDiscarded: '{name} could not be deleted.',
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

  /** Title of the dialog in which people choose the part of a photo that is used. */
  cropPhoto: 'Choose the part to use',
  cropHow: 'Drag the photo, click on what should be in the middle, or use the arrow keys.',
  zoom: 'Zoom',
  usePhoto: 'Use photo',
} satisfies Record<string, string | Plural>
