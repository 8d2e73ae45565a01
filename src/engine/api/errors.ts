import type { CorsRule } from '../../s3/cors.ts'
import { describeAccept } from '../../util/describe-accept.ts'
import { formatBytes } from '../../util/format-bytes.ts'

/** Facts that the texts of an error may need. */
export interface ErrorFacts {
  /** A limit in bytes, or a number of files. */
  limit?: number
  /** The size of the file in bytes, with `too-large` and `too-small`. */
  size?: number
  /** The accepted types, as in the `accept` attribute. */
  accept?: string
  /** HTTP status of the response. */
  status?: number
  /** The message of the signer or the bucket, as plain text. */
  said?: string
  /** How long the server asks to wait before the next attempt, in ms. */
  retryAfter?: number
  /** How to fix it for this bucket: for the developer. Never holds a signed URL. */
  advice?: string
  /** With `cors-blocked`: the rule that allows this page, where the provider takes one. */
  corsRule?: CorsRule
}

type Text = (facts: ErrorFacts) => string

const tryAgain = 'Try again in a moment.'
const tellSite = 'Please tell the people who run this site.'
const notStored = `The site could not store this file. Your file is fine. ${tellSite}`
const lost = 'Connection lost.'

/**
 * Every failure of the library has one of these codes. Each says what happened and what to do, for users.
 * `docs/errors.md` lists the codes; a test compares the two.
 */
const MESSAGES = {
  'too-large': ({ limit, size, said }) =>
    limit === undefined || size === undefined
      ? `${said || 'The file is too large.'} Choose a smaller one.`
      : `Too large: ${formatBytes(size)}. The limit is ${formatBytes(limit)}.`,
  'too-small': ({ limit, size, said }) =>
    limit === undefined || size === undefined
      ? `${said || 'The file is too small.'} Choose a larger one.`
      : `Too small: ${formatBytes(size)}. The minimum is ${formatBytes(limit)}.`,
  'type-not-allowed': ({ accept, said }) =>
    accept
      ? `Only ${describeAccept(accept)} can be added.`
      : `${said || 'Files of this type are not accepted.'} Choose another file.`,
  'too-many-files': ({ limit }) =>
    limit === 1
      ? 'Only one file can be added.'
      : `No more than ${limit?.toLocaleString('en')} files can be added.`,
  'total-too-large': ({ limit }) => `All files together can be at most ${formatBytes(limit ?? 0)}.`,
  'file-unreadable': () => 'This file was moved or changed. Choose it again.',
  'not-accepted': ({ said }) => said || 'This file was not accepted. Choose another one.',
  'meta-too-long': () => 'The text with this file is too long. Shorten it, then try again.',
  'metadata-not-removed': () =>
    'The hidden details of this photo, such as its place, could not be removed. Choose another one.',
  'file-needed': () => 'Choose the file again to continue.',
  'file-not-allowed': () =>
    'The browser may not read the file. Allow it, or choose the file again.',
  'file-changed': () =>
    'This is not the file as it was. Choose the right one, or discard this upload and start over.',
  'not-interrupted': () =>
    'There is nothing left to continue. The upload is done, was discarded, has expired or goes on elsewhere.',
  offline: () => 'You are offline. Connect to the internet, then try again.',
  'library-incomplete': () =>
    'A part of the uploader could not be loaded. Check your connection, then try again.',
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
  unexpected: () => `Something unexpected went wrong. ${tryAgain}`,
} satisfies Record<string, Text>

/** The stable codes of {@link UploadError}. */
export type UploadErrorCode = keyof typeof MESSAGES

/** What developers have to check. The others come with the uploader, in which these errors happen. */
const HINTS: { [Code in UploadErrorCode]?: Text } = {
  'library-incomplete': () =>
    'The first upload loads uploader.js from the folder beside bucket-upload.js. Is it served?',
}

/** Adds hints, which are then those of all errors, earlier ones included. */
export function addErrorHints(hints: { [Code in UploadErrorCode]?: Text }): void {
  Object.assign(HINTS, hints)
}

/** All codes, for tests and documentation. */
export const UPLOAD_ERROR_CODES = Object.keys(MESSAGES) as UploadErrorCode[]

/** Whether a string is one of the {@link UploadErrorCode codes}. */
export function isUploadErrorCode(code: string): code is UploadErrorCode {
  return Object.hasOwn(MESSAGES, code)
}

/**
 * Why a file was not uploaded. Safe to log and to send to an error tracker: neither its texts nor its
 * `cause` hold a presigned URL.
 */
export class UploadError extends Error {
  override name = 'UploadError'

  /** Also true for an error of another copy of the library: a URL with `?v=2` loads a second copy. */
  static override [Symbol.hasInstance](value: unknown): value is UploadError {
    return value instanceof Object && 'name' in value && value.name === 'UploadError'
  }

  /** Stable. Compare this, not the text. */
  readonly code: UploadErrorCode
  /** What happened and what to do, without the name of the file. For the user. */
  readonly reason: string
  /** What the texts were made from, to write your own in another language. */
  readonly facts: Readonly<ErrorFacts>
  /** HTTP status of the response, or 0 without one. */
  readonly status: number
  /** How long the server asks to wait before the next attempt, in ms; 0 if it does not ask. */
  readonly retryAfter: number

  /**
   * @param fileName the start of `message`
   * @param facts what the texts need
   */
  constructor(code: UploadErrorCode, fileName: string, facts: ErrorFacts = {}) {
    const message: Text = MESSAGES[code]
    const reason = message(facts)
    super(fileName ? `${fileName}: ${reason}` : reason)
    this.code = code
    this.reason = reason
    this.facts = facts
    this.status = facts.status ?? 0
    this.retryAfter = facts.retryAfter ?? 0
  }

  /** What to check. For the developer; empty where `reason` says it all. */
  get hint(): string {
    return HINTS[this.code]?.(this.facts) ?? ''
  }
}
