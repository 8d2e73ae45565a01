import type { CorsRule } from '../../s3/cors.ts'
import { describeAccept } from '../../util/describe-accept.ts'
import { formatBytes } from '../../util/format-bytes.ts'
import type { UploadErrorCode } from './error-codes.ts'

export type { UploadErrorCode }

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
  /** The path of the file that it is about, in a folder that becomes a zip. */
  path?: string
  /** The message of the signer or the bucket, as plain text. */
  said?: string
  /** How long the server asks to wait before the next attempt, in ms. */
  retryAfter?: number
  /** How to fix it for this bucket: for the developer. Never holds a signed URL. */
  advice?: string
  /** With `cors-blocked`: the rule that allows this page, where the provider takes one. */
  corsRule?: CorsRule
}

/** What an error says, made from its facts. */
export type ErrorTexts = { [Code in UploadErrorCode]?: (facts: ErrorFacts) => string }

const unexpected = () => 'Something unexpected went wrong. Try again in a moment.'

/**
 * What happened and what to do, for users: of errors that happen before the uploader is loaded. The others
 * come with it.
 */
const TEXTS: ErrorTexts = {
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
  'library-incomplete': () =>
    'A part of the uploader could not be loaded. Check your connection, then try again.',
  unexpected,
}

/** What developers have to check. The others come with the uploader, in which these errors happen. */
const HINTS: ErrorTexts = {
  'library-incomplete': () =>
    'The first upload loads uploader.js from the folder beside bucket-upload.js. Is it served?',
}

/** Adds texts for users, and hints for developers. Hints are then those of all errors, earlier ones included. */
export function addErrorTexts(texts: ErrorTexts, hints: ErrorTexts = {}): void {
  Object.assign(TEXTS, texts)
  Object.assign(HINTS, hints)
}

/** Whether there is a text for a code by now. */
export function hasErrorText(code: string): code is UploadErrorCode {
  return Object.hasOwn(TEXTS, code)
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
   * @param code what happened. The texts of most codes come with the uploader: an error that an application
   *   makes before says what an `unexpected` one does
   * @param fileName the start of `message`
   * @param facts what the texts need
   */
  constructor(code: UploadErrorCode, fileName: string, facts: ErrorFacts = {}) {
    const reason = (TEXTS[code] ?? unexpected)(facts)
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
