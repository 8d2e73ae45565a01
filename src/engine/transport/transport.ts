import type { Lanes } from '../../protocol/index.ts'
import { textOf } from '../../s3/xml.ts'
import type { TransferUnit } from './unit.ts'

/** A presigned PUT. */
export interface PresignedPut {
  /** Absolute URL. */
  url: string
  headers?: Record<string, string>
  /** Other ways to send the same. */
  lanes?: Lanes | undefined
}

/** Why a unit was not stored. Plain data, so that it cannot hold the URL of the request. */
export class TransferError extends Error {
  override name = 'TransferError'

  /** Also true for an error of another copy of the library, as with {@link UploadError}. */
  static override [Symbol.hasInstance](value: unknown): value is TransferError {
    return value instanceof Object && 'name' in value && value.name === 'TransferError'
  }

  /** HTTP status; 0 without an answer, or if CORS hides it. */
  readonly status: number
  /** `<Code>` of the bucket's answer, for example `SignatureDoesNotMatch`. */
  readonly code: string
  /** `<Message>` of the bucket's answer. */
  readonly said: string
  /** The bytes do not match the MD5 or checksum. MinIO has its own code for it. */
  readonly isDamaged: boolean
  /** The request was given up, since it made no progress for too long. */
  readonly stalled: boolean

  constructor(status: number, body = '', { stalled = false } = {}) {
    super(status === 0 ? 'The request got no answer.' : `The bucket answered ${status}.`)
    this.status = status
    this.code = textOf(body, 'Code')
    this.said = textOf(body, 'Message')
    this.isDamaged = /^BadDigest$|Mismatch$/.test(this.code)
    this.stalled = stalled
  }
}

/** Options of one unit. */
export interface TransferOptions {
  /** Gets the URL, right before the unit is sent. `put` throws what it throws. */
  presign: () => Promise<PresignedPut>
  /** Gets the number of bytes sent. */
  progress: (loaded: number) => void
  /** Stops the unit, whether it waits or is being sent. */
  signal: AbortSignal
}

/** Sends units to the bucket in order, a limited number at a time. */
export interface Transport {
  /**
   * Resolves when the unit is stored.
   *
   * @throws {TransferError} if it is not stored
   * @throws the reason of the signal, if that aborts
   */
  put(unit: TransferUnit, options: TransferOptions): Promise<void>
}

/** Creates a transport. */
export type TransportFactory = (settings: TransportSettings) => Transport

/** What a transport goes by. The values may change while it works: read them each time. */
export interface TransportSettings {
  /** Largest number of requests at the same time. */
  readonly limit: number
  /** How long a request may make no progress before it is given up, in ms. */
  readonly stallTimeout: number
}
