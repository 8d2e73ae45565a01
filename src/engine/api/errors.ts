import type { CorsRule } from '../../s3/cors.ts'
import { describeAccept } from '../../util/describe-accept.ts'
import { formatBytes } from '../../util/format-bytes.ts'

/** Facts that a sentence about an error may need. */
export interface ErrorFacts {
  /** A limit in bytes, or a number of files. */
  limit?: number
  /** The types that are accepted, as in the `accept` attribute. */
  accept?: string
  /** HTTP status of the answer. */
  status?: number
  /** What a signer or a bucket said of it, as plain text. */
  said?: string
  /** How long the other side asks to wait before the next try, in ms. */
  retryAfter?: number
  /** What to do about it, for this bucket: for the developer. Never holds a signed URL. */
  advice?: string
  /** With `cors-blocked`: the rule that lets this page in, where the provider takes one. */
  corsRule?: CorsRule
}

interface Sentences {
  /** What happened and what to do, for the person who uploads. */
  message: (facts: ErrorFacts) => string
  /** What to look at, for the developer. */
  hint?: (facts: ErrorFacts) => string
}

const tryAgain = 'Try again in a moment.'
const tellSite = 'Please tell the people who run this site.'
const status = (facts: ErrorFacts) => (facts.status ? ` with HTTP ${facts.status}` : '')
const said = (facts: ErrorFacts) => (facts.said ? ` It said: ${facts.said}` : '')
const advice = (facts: ErrorFacts) => (facts.advice ? ` ${facts.advice}` : '')

/**
 * Every failure of the library has one of these codes, and each code its sentences.
 * `docs/errors.md` lists them for people; a test compares the two.
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
    hint: () =>
      'There is no file handle of this upload: pass the file to resumeInterrupted(id, file).',
  },
  'file-not-allowed': {
    message: () => 'The browser may not read the file. Allow it, or choose the file again.',
    hint: () => 'Permission was refused, or not asked for while a click was handled.',
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
    hint: () =>
      'The library loads a second file (uploader.js beside bucket-upload.js) when the first file is added. Is it served?',
  },
  'signer-missing': {
    message: () => `Uploading is not set up on this page. ${tellSite}`,
    hint: () => 'Set the "signer" attribute to the URL of a signer, or the property to a function.',
  },
  'signer-unreachable': {
    message: () => `The site could not be reached to start the upload. ${tryAgain}`,
    hint: () =>
      'The signer did not answer, or its CORS answer does not allow this page. Is it running, is the address right, and does createSigner({ origins }) list the origin of this page?',
  },
  'signer-timeout': {
    message: () => `The site took too long to start the upload. ${tryAgain}`,
    hint: () => 'The signer did not answer in time. "signer-timeout" sets how long to wait, in ms.',
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
    hint: () => 'The grant is over, or was issued to somebody else or by another signer.',
  },
  'parts-needed': {
    message: () => `The upload could not be finished. ${tryAgain}`,
    hint: () => 'The bucket cannot list the parts of an upload, and the page did not name them.',
  },
  'parts-differ': {
    message: () => `The upload could not be finished. ${tryAgain}`,
    hint: () => 'The bucket has other parts than were sent, also after they were sent again.',
  },
  'upload-gone': {
    message: () => 'The upload was thrown away in the meantime. Try again, from the start.',
    hint: (facts) => `The bucket does not know this multipart upload any more.${said(facts)}`,
  },
  'upload-incomplete': {
    message: () => `The upload could not be finished. ${tryAgain}`,
    hint: (facts) => `The parts in the bucket do not make up the file.${said(facts)}`,
  },
  'checksum-needed': {
    message: () => `This page cannot compute the checksum that the site asks for. ${tellSite}`,
    hint: (facts) =>
      `Is hash-worker.js served beside the library, and does the Content-Security-Policy allow it?${said(facts)}`,
  },
  'url-expired': {
    message: () => 'The permission to upload has run out. Try again.',
    hint: () =>
      'The presigned URL had expired when the bucket saw it. Is the clock of the signer right, and is its lifetime long enough?',
  },
  'signature-mismatch': {
    message: () => `The storage did not accept this upload. ${tellSite}`,
    hint: (facts) =>
      `The bucket says that the signature does not match: the secret key is wrong, or the request differs from what was signed (headers, size, type).${said(facts)}${advice(facts)}`,
  },
  'access-denied': {
    message: () => `The storage did not allow this upload. ${tellSite}`,
    hint: (facts) =>
      `The bucket answered${status(facts)}. May the access key of the signer write to it?${said(facts)}`,
  },
  'bucket-not-found': {
    message: () => `The storage for this upload does not exist. ${tellSite}`,
    hint: () => 'There is no bucket of this name at this endpoint. Check the name and the region.',
  },
  'bucket-refused': {
    message: () => `The storage refused this file. ${tellSite}`,
    hint: (facts) =>
      facts.status
        ? `The bucket answered${status(facts)}.${said(facts)}${advice(facts)}`
        : `The CORS rule lets this page in, but the bucket refused the presigned request, in an answer that browsers may not read. Mostly the signature is wrong: another secret key, or other headers, size or type than were signed.${advice(facts)}`,
  },
  'bucket-failed': {
    message: () => `The storage has a problem at the moment. ${tryAgain}`,
    hint: (facts) => `The bucket answered${status(facts)}.${said(facts)}`,
  },
  'bucket-unreachable': {
    message: () => 'The storage could not be reached. Check your connection, then try again.',
    hint: () => 'The host of the presigned URL does not answer at all. Check the endpoint.',
  },
  'cors-blocked': {
    message: () => `The storage does not allow uploads from this page. ${tellSite}`,
    hint: (facts) =>
      `The bucket answers, but its CORS rule does not let this page in.${facts.advice ? `\n${facts.advice}` : ''}`,
  },
  stalled: {
    message: () => 'The upload stopped moving. Try again.',
    hint: () => 'The bucket took the request and then neither read nor answered for too long.',
  },
  corrupted: {
    message: () => 'The file was damaged on its way. Try again.',
    hint: () => 'The bytes that arrived do not match the MD5 or the checksum that was signed.',
  },
  'connection-lost': {
    message: () => 'The connection broke during the upload. Try again.',
    hint: () =>
      'If it happens each time, the bucket may refuse the request early, in an answer that browsers may not read. Send the same request with curl to see it.',
  },
  unexpected: {
    message: () => `Something unexpected went wrong. ${tryAgain}`,
    hint: (facts) => facts.said ?? '',
  },
} satisfies Record<string, Sentences>

/** The stable codes of {@link UploadError}. */
export type UploadErrorCode = keyof typeof CATALOG

/** All codes, for tests and documentation. */
export const UPLOAD_ERROR_CODES = Object.keys(CATALOG) as UploadErrorCode[]

/** Tells whether a text is one of the {@link UploadErrorCode codes}. */
export function isUploadErrorCode(code: string): code is UploadErrorCode {
  return Object.hasOwn(CATALOG, code)
}

/**
 * Why a file was not uploaded. Never holds a presigned URL: neither in its texts, nor as a cause,
 * so that it can be logged and sent to an error tracker.
 */
export class UploadError extends Error {
  override name = 'UploadError'

  /** Also for one of another copy of the library: an address with `?v=2` makes a second one. */
  static override [Symbol.hasInstance](value: unknown): value is UploadError {
    return value instanceof Object && 'name' in value && value.name === 'UploadError'
  }

  /** Stable code; compare this, not the text. */
  readonly code: UploadErrorCode
  /** What happened and what to do, without the file's name. For the person who uploads. */
  readonly reason: string
  /** What to look at. For the developer; empty where the reason says it all. */
  readonly hint: string
  /** What the sentences were made of: for sentences of your own, in another language. */
  readonly facts: Readonly<ErrorFacts>
  /** HTTP status of the answer, or 0 where there was none. */
  readonly status: number
  /** How long the other side asks to wait before the next try, in ms; 0 where it does not say. */
  readonly retryAfter: number

  /**
   * @param fileName named at the start of `message`
   * @param facts what the sentences need
   */
  constructor(code: UploadErrorCode, fileName: string, facts: ErrorFacts = {}) {
    const sentences: Sentences = CATALOG[code]
    const reason = sentences.message(facts)
    super(fileName ? `${fileName}: ${reason}` : reason)
    this.code = code
    this.reason = reason
    this.hint = sentences.hint?.(facts) ?? ''
    this.facts = facts
    this.status = facts.status ?? 0
    this.retryAfter = facts.retryAfter ?? 0
  }
}
