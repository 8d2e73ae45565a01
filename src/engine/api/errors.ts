import type { CorsRule } from '../../s3/cors.ts'
import { describeAccept } from '../../util/describe-accept.ts'
import { formatBytes } from '../../util/format-bytes.ts'

/** Facts that the texts of an error may need. */
export interface ErrorFacts {
  /** A limit in bytes, or a number of files. */
  limit?: number
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

interface Texts {
  /** What happened and what to do, for the user. */
  message: (facts: ErrorFacts) => string
  /** What to check, for the developer. */
  hint?: (facts: ErrorFacts) => string
}

const tryAgain = 'Try again in a moment.'
const tellSite = 'Please tell the people who run this site.'
const status = (facts: ErrorFacts) => (facts.status ? ` with HTTP ${facts.status}` : '')
const said = (facts: ErrorFacts) => (facts.said ? ` It said: ${facts.said}` : '')
const advice = (facts: ErrorFacts) => (facts.advice ? ` ${facts.advice}` : '')

/**
 * Every failure of the library has one of these codes, and each code has its texts.
 * `docs/errors.md` lists the codes; a test compares the two.
 */
const CATALOG = {
  'too-large': {
    message: ({ limit, said }) =>
      limit === undefined
        ? `${said || 'The file is too large.'} Choose a smaller one.`
        : `The file is larger than ${formatBytes(limit)}. Choose a smaller one.`,
  },
  'too-small': {
    message: ({ limit, said }) =>
      limit === undefined
        ? `${said || 'The file is too small.'} Choose a larger one.`
        : `The file is smaller than ${formatBytes(limit)}. Choose a larger one.`,
  },
  'type-not-allowed': {
    message: ({ accept, said }) =>
      accept
        ? `Files of this type are not accepted. Choose ${describeAccept(accept)}.`
        : `${said || 'Files of this type are not accepted.'} Choose another file.`,
  },
  'too-many-files': {
    message: ({ limit }) =>
      limit === 1
        ? 'Only one file can be uploaded here. Remove the other one first.'
        : `No more than ${limit?.toLocaleString('en')} files can be uploaded here. Remove one first.`,
  },
  'total-too-large': {
    message: ({ limit }) =>
      `All files together may have ${formatBytes(limit ?? 0)}. Remove one, or choose a smaller one.`,
  },
  'file-unreadable': {
    message: () =>
      'The file can no longer be read. It may have been moved, changed or deleted. Choose it again.',
  },
  'file-needed': {
    message: () => 'Choose the file again to continue.',
    hint: () => 'This upload has no file handle: pass the file to resumeInterrupted(id, file).',
  },
  'file-not-allowed': {
    message: () => 'The browser may not read the file. Allow it, or choose the file again.',
    hint: () => 'Permission was denied, or not requested in a click handler.',
  },
  'file-changed': {
    message: () =>
      'This is not the file as it was. Choose the right one, or discard this upload and start over.',
  },
  'not-interrupted': {
    message: () =>
      'There is nothing left to continue. The upload is done, was discarded, has expired or goes on elsewhere.',
  },
  offline: {
    message: () => 'You are offline. Connect to the internet, then try again.',
  },
  'library-incomplete': {
    message: () =>
      'A part of the uploader could not be loaded. Check your connection, then try again.',
    hint: () => 'The first upload loads uploader.js from beside bucket-upload.js. Is it served?',
  },
  'signer-missing': {
    message: () => `Uploading is not set up on this page. ${tellSite}`,
    hint: () => 'Set the "signer" attribute to the URL of a signer, or the property to a function.',
  },
  'signer-unreachable': {
    message: () => `The site could not be reached to start the upload. ${tryAgain}`,
    hint: () =>
      'The signer did not answer, or its CORS headers do not allow this page. Is it running, is the URL right, and does createSigner({ origins }) list the origin of this page?',
  },
  'signer-timeout': {
    message: () => `The site took too long to start the upload. ${tryAgain}`,
    hint: () => 'The signer did not answer in time. "signer-timeout" sets the limit, in ms.',
  },
  'signer-failed': {
    message: () => `The site could not start the upload. ${tryAgain}`,
    hint: (facts) => `The signer failed${status(facts)}.${said(facts)}`,
  },
  'signer-answer-invalid': {
    message: () => `The site gave an answer that makes no sense. ${tellSite}`,
    hint: (facts) => `The answer breaks the signer contract.${said(facts)}`,
  },
  'signer-refused': {
    message: ({ said }) => said || `The site refused this file. ${tellSite}`,
  },
  unauthorized: {
    message: () => 'You are not signed in. Sign in, then try again.',
    hint: () => 'The signer answered 401. Does it get the cookie or header that it needs?',
  },
  forbidden: {
    message: () => `You may not upload here. ${tellSite}`,
    hint: (facts) => `The signer answered 403.${said(facts)}`,
  },
  'origin-not-allowed': {
    message: () => `This page may not upload here. ${tellSite}`,
    hint: () => 'Add the origin of this page to createSigner({ origins }).',
  },
  'rate-limited': {
    message: () => 'Too many uploads in a short time. Wait a minute, then try again.',
  },
  'invalid-key': {
    message: () => `The site has no place for this file. ${tellSite}`,
    hint: (facts) => `The signer refused the object key.${said(facts)}`,
  },
  'invalid-grant': {
    message: () => 'The permission for this upload has run out. Try again.',
    hint: () => 'The grant has expired, or was issued to another user or by another signer.',
  },
  'parts-needed': {
    message: () => `The upload could not be finished. ${tryAgain}`,
    hint: () => 'The bucket cannot list the parts of an upload, and the page did not name them.',
  },
  'parts-differ': {
    message: () => `The upload could not be finished. ${tryAgain}`,
    hint: () => 'The parts in the bucket differ from what was sent, even after a second upload.',
  },
  'upload-gone': {
    message: () => 'The upload was thrown away in the meantime. Try again, from the start.',
    hint: (facts) => `The bucket no longer has this multipart upload.${said(facts)}`,
  },
  'upload-incomplete': {
    message: () => `The upload could not be finished. ${tryAgain}`,
    hint: (facts) => `The parts in the bucket do not make up the file.${said(facts)}`,
  },
  'checksum-needed': {
    message: () => `This page cannot compute the checksum that the site asks for. ${tellSite}`,
    hint: (facts) =>
      `Are hash-worker.js, hash-more.js and hash-plain.js served beside the library, and does the Content-Security-Policy allow them (worker-src)?${said(facts)}`,
  },
  'url-expired': {
    message: () => 'The permission to upload has run out. Try again.',
    hint: () =>
      'The presigned URL had expired when it reached the bucket. Is the clock of the signer right, and the lifetime long enough?',
  },
  'signature-mismatch': {
    message: () => `The storage did not accept this upload. ${tellSite}`,
    hint: (facts) =>
      `The signature does not match: the secret key is wrong, or headers, size or type differ from what was signed.${said(facts)}${advice(facts)}`,
  },
  'access-denied': {
    message: () => `The storage did not allow this upload. ${tellSite}`,
    hint: (facts) =>
      `The bucket answered${status(facts)}. May the access key of the signer write to it?${said(facts)}`,
  },
  'bucket-not-found': {
    message: () => `The storage for this upload does not exist. ${tellSite}`,
    hint: () => 'No bucket has this name at this endpoint. Check the name and the region.',
  },
  'bucket-refused': {
    message: () => `The storage refused this file. ${tellSite}`,
    hint: (facts) =>
      facts.status
        ? `The bucket answered${status(facts)}.${said(facts)}${advice(facts)}`
        : `CORS allows this page, but the bucket rejected the request without CORS headers, so the browser hides the answer. Usually the signature is wrong: a different secret key, or headers, size or type that differ from what was signed.${advice(facts)}`,
  },
  'bucket-failed': {
    message: () => `The storage has a problem at the moment. ${tryAgain}`,
    hint: (facts) => `The bucket answered${status(facts)}.${said(facts)}`,
  },
  'bucket-unreachable': {
    message: () => 'The storage could not be reached. Check your connection, then try again.',
    hint: () => 'The host of the presigned URL does not answer. Check the endpoint.',
  },
  'cors-blocked': {
    message: () => `The storage does not allow uploads from this page. ${tellSite}`,
    hint: (facts) =>
      `The bucket answers, but its CORS rule does not allow this page.${facts.advice ? `\n${facts.advice}` : ''}`,
  },
  stalled: {
    message: () => 'The upload stopped moving. Try again.',
    hint: () => 'The bucket accepted the request, then stopped reading or answering.',
  },
  corrupted: {
    message: () => 'The file was damaged on its way. Try again.',
    hint: () => 'The bytes that arrived do not match the signed MD5 or checksum.',
  },
  'connection-lost': {
    message: () => 'The connection broke during the upload. Try again.',
    hint: () =>
      'If it happens every time, the bucket may reject the request early, without CORS headers. Send it with curl to see the answer.',
  },
  unexpected: {
    message: () => `Something unexpected went wrong. ${tryAgain}`,
    hint: (facts) => facts.said ?? '',
  },
} satisfies Record<string, Texts>

/** The stable codes of {@link UploadError}. */
export type UploadErrorCode = keyof typeof CATALOG

/** All codes, for tests and documentation. */
export const UPLOAD_ERROR_CODES = Object.keys(CATALOG) as UploadErrorCode[]

/** Whether a string is one of the {@link UploadErrorCode codes}. */
export function isUploadErrorCode(code: string): code is UploadErrorCode {
  return Object.hasOwn(CATALOG, code)
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
  /** What to check. For the developer; empty where `reason` says it all. */
  readonly hint: string
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
    const texts: Texts = CATALOG[code]
    const reason = texts.message(facts)
    super(fileName ? `${fileName}: ${reason}` : reason)
    this.code = code
    this.reason = reason
    this.hint = texts.hint?.(facts) ?? ''
    this.facts = facts
    this.status = facts.status ?? 0
    this.retryAfter = facts.retryAfter ?? 0
  }
}
