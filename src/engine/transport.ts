import type { TransferUnit } from './plan.ts'

/** A presigned request, as the transport needs it. */
export interface PresignedPut {
  /** Absolute URL. */
  url: string
  headers?: Record<string, string>
}

/** Why a unit was not stored. Plain data, so that nothing of the request (its URL!) is kept. */
export class TransferError extends Error {
  override name = 'TransferError'
  /** HTTP status; 0 where the bucket's answer could not be had or read. */
  readonly status: number
  /** `<Code>` of the bucket's answer, for example `SignatureDoesNotMatch`. */
  readonly code: string
  /** `<Message>` of the bucket's answer. */
  readonly said: string

  constructor(status: number, body = '') {
    super(status === 0 ? 'The request got no answer.' : `The bucket answered ${status}.`)
    this.status = status
    this.code = xmlText(body, 'Code')
    this.said = xmlText(body, 'Message')
  }
}

/** What the transport tells its owner. `unitId` is always that of a unit which was sent and not cancelled. */
export interface TransportEvents {
  /** Called when a unit's turn has come. What it throws comes back in `failed`. */
  sign(unitId: string): Promise<PresignedPut>
  /** `loaded` is in bytes. */
  progress(unitId: string, loaded: number): void
  stored(unitId: string): void
  failed(unitId: string, error: unknown): void
}

/** Moves units to the bucket, a bounded number at a time. */
export interface Transport {
  /** Whether it takes one more unit now. */
  readonly hasRoom: boolean
  /** Takes a unit; it is sent as soon as its turn comes. */
  send(unit: TransferUnit): void
  /** Stops a unit. Nothing more is told of it. */
  cancel(unitId: string): void
}

/** Makes a transport. `limit` is how many requests may be in flight at the same time. */
export type TransportFactory = (limit: number, events: TransportEvents) => Transport

function xmlText(xml: string, tag: string): string {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1]?.trim() ?? ''
}
