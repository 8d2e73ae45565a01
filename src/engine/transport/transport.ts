import type { TransferUnit } from './unit.ts'

/** A presigned request, as the transport needs it. */
export interface PresignedPut {
  /** Absolute URL. */
  url: string
  headers?: Record<string, string>
}

/** Why a unit was not stored. Plain data, so that nothing of the request (its URL!) is kept. */
export class TransferError extends Error {
  override name = 'TransferError'

  /** Also for one of another copy of the library, as with {@link UploadError}. */
  static override [Symbol.hasInstance](value: unknown): value is TransferError {
    return value instanceof Object && 'name' in value && value.name === 'TransferError'
  }

  /** HTTP status; 0 where the bucket's answer could not be had or read. */
  readonly status: number
  /** `<Code>` of the bucket's answer, for example `SignatureDoesNotMatch`. */
  readonly code: string
  /** `<Message>` of the bucket's answer. */
  readonly said: string
  /** What arrived is not what was announced, by MD5 or checksum; MinIO has a name of its own for it. */
  readonly isDamaged: boolean
  /** Nothing moved for so long that it was given up. */
  readonly stalled: boolean

  constructor(status: number, body = '', { stalled = false } = {}) {
    super(status === 0 ? 'The request got no answer.' : `The bucket answered ${status}.`)
    this.status = status
    this.code = xmlText(body, 'Code')
    this.said = xmlText(body, 'Message')
    this.isDamaged = /^BadDigest$|Mismatch$/.test(this.code)
    this.stalled = stalled
  }
}

/** What goes with a unit. */
export interface TransferOptions {
  /** Called when the unit's turn has come. What it throws is thrown by `put`. */
  presign: () => Promise<PresignedPut>
  /** Told how many bytes have left. */
  progress: (loaded: number) => void
  /** Stops the unit, whether it is on its way or waits for its turn. */
  signal: AbortSignal
}

/** Moves units to the bucket, a bounded number at a time, in the order in which it gets them. */
export interface Transport {
  /**
   * Resolves when the unit is stored.
   *
   * @throws {TransferError} when it is not
   * @throws the reason of the signal, when that stopped it
   */
  put(unit: TransferUnit, options: TransferOptions): Promise<void>
}

/** Makes a transport. */
export type TransportFactory = (settings: {
  /** How many requests may be in flight at the same time. */
  limit: number
  /** How long a request may not move before it is given up, in ms. */
  stallTimeout: number
}) => Transport

/** The text of the first element of that name, or "". Enough for the flat answers of S3. */
export function xmlText(xml: string, tag: string): string {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1]?.trim() ?? ''
}
