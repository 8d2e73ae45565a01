import AwsS3 from '@uppy/aws-s3'
import Uppy, { type Body as UppyBody, type Meta as UppyMeta } from '@uppy/core'
import { waitFor } from '../../util/abort.ts'
import { randomId } from '../../util/random-id.ts'
import {
  TransferError,
  type TransferOptions,
  type Transport,
  type TransportSettings,
} from './transport.ts'
import type { TransferUnit } from './unit.ts'

type Meta = { unitId: string }
type Body = Record<string, never>

/** A unit in the queue or in Uppy. */
interface Transfer extends TransferOptions {
  unit: TransferUnit
  resolve: () => void
  reject: (reason: unknown) => void
  /** Uppy's id, once it has the unit. */
  uppyId?: string
  stall?: ReturnType<typeof setTimeout> | undefined
}

/** Uppy would log names of files and URLs of the bucket. */
const silent = { debug() {}, warn() {}, error() {} }

/** An Uppy that logs nothing. */
export function createUppy<M extends UppyMeta, B extends UppyBody>(): Uppy<M, B> {
  return new Uppy<M, B>({ logger: silent })
}

/**
 * Sends units with Uppy.
 *
 * Uppy sees each unit as a file and stores it with the single PUT of @uppy/aws-s3. Uppy's core copies its
 * whole file list at each change, so it gets only a window of units; the others wait here.
 */
export class UppyTransport implements Transport {
  readonly #settings: TransportSettings
  readonly #uppy: Uppy<Meta, Body>
  readonly #waiting = new Set<Transfer>()
  /** By the id of the unit. */
  readonly #moving = new Map<string, Transfer>()
  #startScheduled = false

  constructor(settings: TransportSettings) {
    this.#settings = settings
    this.#uppy = createUppy()
    this.#uppy.use(AwsS3, {
      // `presign` waits until one more may be sent.
      limit: 0,
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
      // The ones being sent, and as many that can start at once.
      if (this.#moving.size >= 2 * this.#settings.limit) return
      this.#waiting.delete(transfer)
      this.#moving.set(transfer.unit.id, transfer)
      transfer.uppyId = this.#uppy.addFile({
        // Uppy derives its id from name, type and size. A random name keeps equal files apart, and
        // the user's file name out of Uppy.
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
      // It rejects only after `upload-error`, which is handled below.
      this.#uppy.upload().catch(() => {})
    })
  }

  async #presign(unitId: string) {
    const transfer = this.#moving.get(unitId)
    // The unit was dropped just before it was sent. Nothing waits for this error.
    if (!transfer) throw new DOMException('The unit was dropped.', 'AbortError')
    const presigned = await transfer.presign()
    this.#watch(transfer)
    return presigned
  }

  /** Gives a unit up when it makes no progress for too long. Each progress restarts the timer. */
  #watch(transfer: Transfer): void {
    if (this.#moving.get(transfer.unit.id) !== transfer) return
    clearTimeout(transfer.stall)
    transfer.stall = setTimeout(
      () => transfer.reject(new TransferError(0, '', { stalled: true })),
      this.#settings.stallTimeout,
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

  /** The transfer of one of Uppy's files, if it is not of an earlier attempt of the same unit. */
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
    // Later, since Uppy may be in the middle of an event about it.
    queueMicrotask(() => {
      this.#uppy.removeFile(uppyId)
      this.#pump()
    })
  }
}

/**
 * Uppy's errors hold the XMLHttpRequest, and with it the presigned URL: keep only what may be shown. The
 * fields tell them apart, since a minifier may change `error.name`.
 */
function toTransferError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code, status, body } = error as Error & { code?: string; status?: number; body?: string }
  if (code === 'NETWORK') return new TransferError(0)
  if (typeof status === 'number' && typeof body === 'string') return new TransferError(status, body)
  return error
}
