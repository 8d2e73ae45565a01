import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import type { TransferUnit } from './plan.ts'
import { TransferError, type Transport, type TransportEvents } from './transport.ts'

type Meta = { unitId: string }
type Body = Record<string, never>

const silent = { debug() {}, warn() {}, error() {} }

/**
 * Moves units by Uppy. The only module that knows it.
 *
 * A unit is a file of its own to Uppy, stored by the single PUT of @uppy/aws-s3. Uppy's core copies
 * its whole file list at each change, so its owner must look at `hasRoom` before it sends.
 */
export class UppyTransport implements Transport {
  /** How many units it takes at a time: those in flight, and as many that wait for their turn. */
  readonly #window: number
  readonly #events: TransportEvents
  readonly #uppy: Uppy<Meta, Body>
  /** Uppy's id of each unit, by ours. */
  readonly #sent = new Map<string, string>()
  #startScheduled = false

  /** @param limit how many requests are in flight at the same time */
  constructor(limit: number, events: TransportEvents) {
    this.#window = 2 * limit
    this.#events = events
    this.#uppy = new Uppy<Meta, Body>({ logger: silent })
    this.#uppy.use(AwsS3, {
      limit,
      shouldUseMultipart: false,
      generateObjectKey: (file) => String(file.meta.unitId),
      signRequest: ({ key }) => this.#events.sign(key),
    })
    this.#listen()
  }

  /** Whether it takes one more unit now. */
  get hasRoom(): boolean {
    return this.#sent.size < this.#window
  }

  /** Takes a unit; it is sent as soon as its turn comes. */
  send(unit: TransferUnit): void {
    const uppyId = this.#uppy.addFile({
      // Uppy makes its id of name, type and size; a name of our own keeps equal files apart,
      // and keeps the user's file name out of Uppy altogether.
      name: unit.id,
      data: unit.body,
      meta: { unitId: unit.id },
    })
    this.#sent.set(unit.id, uppyId)
    if (this.#startScheduled) return
    this.#startScheduled = true
    queueMicrotask(() => {
      this.#startScheduled = false
      // Rejects only for what `failed` has told already.
      this.#uppy.upload().catch(() => {})
    })
  }

  /** Stops a unit. Nothing more is told of it. */
  cancel(unitId: string): void {
    const uppyId = this.#sent.get(unitId)
    if (uppyId === undefined) return
    this.#sent.delete(unitId)
    this.#uppy.removeFile(uppyId)
  }

  #listen(): void {
    this.#uppy.on('upload-progress', (file, { bytesUploaded }) => {
      const unitId = file?.meta.unitId
      if (unitId && this.#sent.has(unitId)) this.#events.progress(unitId, bytesUploaded || 0)
    })
    this.#uppy.on('upload-success', (file) => {
      const unitId = file?.meta.unitId
      if (unitId && this.#forget(unitId)) this.#events.stored(unitId)
    })
    this.#uppy.on('upload-error', (file, error) => {
      const unitId = file?.meta.unitId
      if (unitId && this.#forget(unitId)) this.#events.failed(unitId, toTransferError(error))
    })
  }

  /** Takes a finished unit out of Uppy, which is still in the middle of telling us: hence the delay. */
  #forget(unitId: string): boolean {
    const uppyId = this.#sent.get(unitId)
    if (uppyId === undefined) return false
    this.#sent.delete(unitId)
    queueMicrotask(() => this.#uppy.removeFile(uppyId))
    return true
  }
}

/**
 * Uppy's errors carry the XMLHttpRequest, and with it the presigned URL: keep only what can be shown.
 * They are told apart by their fields, since a bundler that shortens names changes `error.name`.
 */
function toTransferError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code, status, body } = error as Error & { code?: string; status?: number; body?: string }
  if (code === 'NETWORK') return new TransferError(0)
  if (typeof status === 'number' && typeof body === 'string') return new TransferError(status, body)
  return error
}
