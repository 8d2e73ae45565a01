import AwsS3 from '@uppy/aws-s3'
import Uppy, { type Body as UppyBody, type Meta as UppyMeta } from '@uppy/core'
import { waitFor } from '../../util/abort.ts'
import { randomId } from '../../util/random-id.ts'
import { TransferError, type TransferOptions, type Transport } from './transport.ts'
import type { TransferUnit } from './unit.ts'

type Meta = { unitId: string }
type Body = Record<string, never>

/** A unit on its way through Uppy. */
interface Transfer extends TransferOptions {
  unit: TransferUnit
  resolve: () => void
  reject: (reason: unknown) => void
  /** Uppy's own id, once it has the unit. */
  uppyId?: string
  stall?: ReturnType<typeof setTimeout> | undefined
}

/** Uppy would log names, and addresses of the bucket. */
const silent = { debug() {}, warn() {}, error() {} }

export function createUppy<M extends UppyMeta, B extends UppyBody>(): Uppy<M, B> {
  return new Uppy<M, B>({ logger: silent })
}

/**
 * Moves units by Uppy. The only module that knows it.
 *
 * A unit is a file of its own to Uppy, stored by the single PUT of @uppy/aws-s3. Uppy's core copies
 * its whole file list at each change, so it never holds more than a window of units; the others wait
 * here.
 */
export class UppyTransport implements Transport {
  readonly #window: number
  readonly #stallTimeout: number
  readonly #uppy: Uppy<Meta, Body>
  readonly #waiting = new Set<Transfer>()
  /** By the id of the unit. */
  readonly #moving = new Map<string, Transfer>()
  #startScheduled = false

  constructor({ limit, stallTimeout }: { limit: number; stallTimeout: number }) {
    // Those in flight, and some that take their places without delay.
    this.#window = 2 * limit
    this.#stallTimeout = stallTimeout
    this.#uppy = createUppy()
    this.#uppy.use(AwsS3, {
      limit,
      shouldUseMultipart: false,
      generateObjectKey: (file) => String(file.meta.unitId),
      signRequest: ({ key }) => this.#presign(key),
    })
    this.#listen()
  }

  put(unit: TransferUnit, options: TransferOptions): Promise<void> {
    return waitFor((resolve, reject) => {
      const transfer: Transfer = { ...options, unit, resolve, reject }
      this.#waiting.add(transfer)
      this.#pump()
      return () => this.#drop(transfer)
    }, options.signal)
  }

  /** Hands units to Uppy while there is room. */
  #pump(): void {
    for (const transfer of this.#waiting) {
      if (this.#moving.size >= this.#window) return
      this.#waiting.delete(transfer)
      this.#moving.set(transfer.unit.id, transfer)
      transfer.uppyId = this.#uppy.addFile({
        // Uppy makes its id of name, type and size; a name of our own keeps equal files apart,
        // and keeps the user's file name out of Uppy altogether.
        name: `${transfer.unit.id}.${randomId()}`,
        data: transfer.unit.body,
        meta: { unitId: transfer.unit.id },
      })
      this.#scheduleStart()
    }
  }

  #scheduleStart(): void {
    if (this.#startScheduled) return
    this.#startScheduled = true
    queueMicrotask(() => {
      this.#startScheduled = false
      // Rejects only for what `upload-error` has told already.
      this.#uppy.upload().catch(() => {})
    })
  }

  async #presign(unitId: string) {
    const transfer = this.#moving.get(unitId)
    // Only for a unit that was dropped while its turn came: its answer goes nowhere.
    if (!transfer) throw new DOMException('The unit was dropped.', 'AbortError')
    const presigned = await transfer.presign()
    this.#watch(transfer)
    return presigned
  }

  /** Gives a unit up when it has not moved for too long; each sign of life starts the time anew. */
  #watch(transfer: Transfer): void {
    if (this.#moving.get(transfer.unit.id) !== transfer) return
    clearTimeout(transfer.stall)
    transfer.stall = setTimeout(
      () => transfer.reject(new TransferError(0, '', { stalled: true })),
      this.#stallTimeout,
    )
  }

  #listen(): void {
    this.#uppy.on('upload-progress', (file, { bytesUploaded }) => {
      const transfer = this.#find(file)
      if (!transfer) return
      this.#watch(transfer)
      transfer.progress(bytesUploaded || 0)
    })
    this.#uppy.on('upload-success', (file) => this.#find(file)?.resolve())
    this.#uppy.on('upload-error', (file, error) => this.#find(file)?.reject(toTransferError(error)))
  }

  /** The transfer of one of Uppy's files: not that of an earlier attempt at the same unit. */
  #find(file: { id: string; meta: { unitId: string } } | undefined): Transfer | undefined {
    const transfer = file && this.#moving.get(file.meta.unitId)
    return transfer?.uppyId === file?.id ? transfer : undefined
  }

  #drop(transfer: Transfer): void {
    clearTimeout(transfer.stall)
    this.#waiting.delete(transfer)
    const { uppyId, unit } = transfer
    if (uppyId === undefined || this.#moving.get(unit.id) !== transfer) return
    this.#moving.delete(unit.id)
    // Later, since Uppy may be in the middle of telling us about it.
    queueMicrotask(() => {
      this.#uppy.removeFile(uppyId)
      this.#pump()
    })
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
