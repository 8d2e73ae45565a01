import type { SignerCode } from '../../protocol/index.ts'

/** HTTP status for a refusal of the whole call, by code. What is not listed answers 400. */
const STATUS: Record<string, number> = {
  unauthorized: 401,
  forbidden: 403,
  'origin-not-allowed': 403,
  'rate-limited': 429,
  'internal-error': 500,
}

/** Details of a {@link SignerError}. */
export interface SignerErrorOptions {
  /** HTTP status from 400 to 599, for a refusal of the whole call. Follows from the code by default. */
  status?: number
  /** Seconds after which the client may try again, sent as `Retry-After`. */
  retryAfter?: number
  /** With `checksum-needed`: which one. */
  checksum?: string
}

/**
 * A refusal that the client is told about: its code and message go into the answer as they are.
 *
 * Throw it from `authorize` to refuse the whole call, or from `key` to refuse one file. Any other
 * error counts as a fault of the signer and is answered with 500 and no details.
 *
 * @example throw new SignerError('forbidden', 'Your plan has no space left.')
 */
export class SignerError extends Error {
  override name = 'SignerError'
  /** What happened, for programs. */
  readonly code: SignerCode | (string & {})
  /** HTTP status, when the error refuses the whole call. */
  readonly status: number
  /** Seconds after which the client may try again. */
  readonly retryAfter: number | undefined
  /** The checksum that the client is to send, for `checksum-needed`. */
  readonly checksum: string | undefined

  /**
   * @param message one sentence for people; it is sent to the client
   * @throws {RangeError} when the status is not one of a refusal
   */
  constructor(code: SignerCode | (string & {}), message: string, options: SignerErrorOptions = {}) {
    super(message)
    this.code = code
    this.status = options.status ?? STATUS[code] ?? 400
    this.retryAfter = options.retryAfter
    this.checksum = options.checksum
    if (isRefusalStatus(this.status)) return
    throw new RangeError(
      `The "status" of a SignerError must be 400 to 599, and not ${this.status}.`,
    )
  }
}

/**
 * Whether an error is a {@link SignerError}, also one of another copy of this package: a bundler can
 * put two copies into one application, and then `instanceof` does not know those of the other.
 */
export function isSignerError(error: unknown): error is SignerError {
  if (error instanceof SignerError) return true
  if (!(error instanceof Error) || error.name !== 'SignerError') return false
  const { code, status } = error as Partial<SignerError>
  return typeof code === 'string' && isRefusalStatus(status)
}

function isRefusalStatus(status: unknown): boolean {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599
}
