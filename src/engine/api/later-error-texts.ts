import { type ErrorTexts, hasErrorText, type UploadErrorCode } from './errors.ts'

const tryAgain = 'Try again in a moment.'
const tellSite = 'Please tell the people who run this site.'
const notStored = `The site could not store this file. Your file is fine. ${tellSite}`
const lost = 'Connection lost.'

/** What happened and what to do, for users: for the codes of errors that need the uploader, with which they come. */
export const LATER_ERROR_TEXTS: ErrorTexts = {
  'file-not-allowed': () =>
    'The browser may not read the file. Allow it, or choose the file again.',
  'meta-too-long': () => 'The text with this file is too long. Shorten it, then try again.',
  'metadata-not-removed': () =>
    'The hidden details of this photo, such as its place, could not be removed. Choose another one.',
  'file-needed': () => 'Choose the file again to continue.',
  'file-changed': () =>
    'This is not the file as it was. Choose the right one, or discard this upload and start over.',
  'not-interrupted': () =>
    'There is nothing left to continue. The upload is done, was discarded, has expired or goes on elsewhere.',
  offline: () => 'You are offline. Connect to the internet, then try again.',
  'signer-missing': () => `Uploading is not set up on this page. ${tellSite}`,
  'signer-unreachable': () => `The site could not be reached to start the upload. ${tryAgain}`,
  'signer-timeout': () => `The site took too long to start the upload. ${tryAgain}`,
  'signer-failed': () => `The site could not start the upload. ${tryAgain}`,
  'signer-answer-invalid': () => `The site gave an answer that makes no sense. ${tellSite}`,
  'signer-refused': ({ said }) => said || `The site refused this file. ${tellSite}`,
  unauthorized: () => 'You are not signed in. Sign in, then try again.',
  forbidden: () => `You may not upload here. ${tellSite}`,
  'origin-not-allowed': () => `This page may not upload here. ${tellSite}`,
  'rate-limited': () => 'Too many uploads at once. Try again in a minute.',
  'invalid-key': () => `The site has no place for this file. ${tellSite}`,
  'invalid-grant': () => 'The permission for this upload has run out. Try again.',
  'parts-needed': () => `The upload could not be finished. ${tryAgain}`,
  'parts-differ': () => `The upload could not be finished. ${tryAgain}`,
  'upload-gone': () => 'The upload was thrown away in the meantime. Try again, from the start.',
  'upload-incomplete': () => `The upload could not be finished. ${tryAgain}`,
  'checksum-needed': () =>
    `This page cannot compute the checksum that the site asks for. ${tellSite}`,
  'url-expired': () => 'The permission to upload has run out. Try again.',
  'signature-mismatch': () => notStored,
  'access-denied': () => notStored,
  'bucket-not-found': () => notStored,
  'bucket-refused': () => notStored,
  'bucket-failed': () => `The storage has a problem at the moment. ${tryAgain}`,
  'bucket-unreachable': () =>
    'No connection to the storage. Check your connection, then try again.',
  'cors-blocked': () => notStored,
  stalled: () => lost,
  corrupted: () => 'The file was damaged on its way. Try again.',
  'connection-lost': () => lost,
}

/** Whether a string is a code of an error. */
export function isUploadErrorCode(code: string): code is UploadErrorCode {
  return Object.hasOwn(LATER_ERROR_TEXTS, code) || hasErrorText(code)
}
