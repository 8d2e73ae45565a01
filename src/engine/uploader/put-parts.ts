import type { CompletedPart, Digests, SignedResponse } from '../../protocol/index.ts'
import { UploadError } from '../api/errors.ts'
import {
  abandonUpload,
  abortUpload,
  completeUpload,
  type MultipartUpload,
} from '../signer/multipart.ts'
import type { TransferUnit } from '../transport/unit.ts'
import {
  areUncompared,
  compareParts,
  comparesOnComplete,
  dropUncompared,
  nameParts,
} from './compare-parts.ts'
import type { StoredObject } from './file-job.ts'
import { findObject } from './find-object.ts'
import { HashAhead } from './hash-ahead.ts'
import { openUpload } from './open-upload.ts'
import type { PartsJob } from './tools.ts'

/** How often parts are sent again that differ in the bucket from what was sent. */
const MOST_REPAIRS = 2

export { abandonUpload, abortUpload, openUpload }

type PartUnit = TransferUnit & { partNumber: number }

/** Uploads a large file in parts. Parts that are in the bucket are not sent again. */
export async function uploadInParts(job: PartsJob): Promise<StoredObject> {
  const { checkpoint, signal, session, tools } = job
  try {
    return await uploadOnce(job)
  } catch (error) {
    // After a failure it is not known what has arrived.
    if (checkpoint.upload && !signal.aborted) checkpoint.upload.isKnown = false
    // The upload has expired or was aborted, or another user is signed in: start over, once.
    if (!tools.isOneOf(error, ['upload-gone', 'invalid-grant']) || signal.aborted) throw error
    const completed = await completedBefore(job)
    if (completed) return completed
    void session?.forget()
    delete checkpoint.upload
    // Its key belongs to the upload that is gone.
    delete checkpoint.nonce
    job.progress.restart()
    return uploadOnce(job)
  }
}

/** `NoSuchUpload` also means that it was completed before, and that the answer was lost. */
async function completedBefore(job: PartsJob): Promise<StoredObject | undefined> {
  const { upload } = job.checkpoint
  if (!upload) return undefined
  if (upload.completing) return findObject(job, upload)
  try {
    const signed = await job.tools.askFor(job, () =>
      completeUpload(job.signer, upload, job.file.name, undefined),
    )
    return { signed: { key: upload.key, ...signed }, etag: signed.etag ?? null, url: undefined }
  } catch (error) {
    if (error instanceof UploadError) return undefined
    throw error
  }
}

async function uploadOnce(job: PartsJob): Promise<StoredObject> {
  const { file, progress } = job
  const ahead = new HashAhead(job)
  const upload = await openUpload(job).catch((error) => {
    ahead.stop()
    throw error
  })
  const hashed = ahead.of(upload.partSize)
  const units = job.tools.cutIntoParts(file.id, file.file, upload.partSize)
  let url: string | undefined
  for (let repairs = 0; ; repairs++) {
    url = (await sendMissing(job, upload, units, repairs === 0 ? hashed : new Map())) ?? url
    progress.sent()
    const stored = await complete(job, upload, units, repairs === MOST_REPAIRS)
    if (stored) return { signed: { key: upload.key, ...stored }, etag: stored.etag ?? null, url }
    progress.restart()
  }
}

/** Completes the upload of a stream, none of whose parts can be sent again. */
export async function completeStream(
  job: PartsJob,
  upload: MultipartUpload,
  count: number,
): Promise<StoredObject> {
  const { id } = job.file
  const body = new Blob()
  const units = Array.from({ length: count }, (_, index) => ({
    ...{ id: `${id}.${index + 1}`, fileId: id, body, partNumber: index + 1 },
  }))
  try {
    const stored = await complete(job, upload, units, true)
    const signed = { key: upload.key, ...(stored as SignedResponse) }
    return { signed, etag: signed.etag ?? null, url: undefined }
  } catch (error) {
    if (!job.tools.isOneOf(error, ['upload-gone'])) throw error
    const completed = await completedBefore(job)
    if (!completed) throw error
    return completed
  }
}

/** Sends the parts that are not stored. Returns the URL of one, which names the object. */
async function sendMissing(
  job: PartsJob,
  upload: MultipartUpload,
  units: PartUnit[],
  hashed: ReadonlyMap<number, Promise<Digests>>,
): Promise<string | undefined> {
  const { progress, signal } = job
  let url: string | undefined
  const missing = units.filter(({ partNumber, body }) => {
    const isStored = upload.parts.has(partNumber)
    if (isStored) progress.unit(partNumber).progress(body.size)
    return !isStored
  })
  await allOrNone(signal, missing, async (unit, partSignal) => {
    url = await sendPart(job, upload, unit, hashed.get(unit.partNumber), partSignal)
  })
  return url
}

/**
 * Compares the parts as far as nothing has done so, and completes the upload.
 *
 * @param isLast whether no part may be sent again
 * @returns `undefined` if parts have to be sent again
 * @throws {UploadError} `parts-differ` at the last try
 */
async function complete(
  job: PartsJob,
  upload: MultipartUpload,
  units: PartUnit[],
  isLast: boolean,
): Promise<SignedResponse | undefined> {
  // Their ETags are then known: from the list, or as the MD5s that something compares.
  const isNamed = areUncompared(upload)
  if (isNamed && !comparesOnComplete(job, upload)) {
    const isWhole = await compareParts(job, upload)
    if (isWhole === false && !isLast) return undefined
    if (isWhole === false) throw new UploadError('parts-differ', job.file.name)
    // Without a list the signer uses the parts that are named here, and the bucket compares them.
  }
  try {
    return await putTogether(job, upload, units, isNamed)
  } catch (error) {
    if (isLast || !job.tools.isOneOf(error, ['parts-differ'])) throw error
    const isListed = (await compareParts(job, upload, true)) !== undefined
    if (!isListed) dropUncompared(job, upload)
    return undefined
  }
}

/**
 * Names the parts where that makes the bucket or the signer compare them, or where the signer asks for
 * them. Otherwise the signer lists them, which is safer: the ETag of a part is not its MD5 with every
 * provider and setting.
 */
async function putTogether(
  job: PartsJob,
  upload: MultipartUpload,
  units: PartUnit[],
  isNamed: boolean,
): Promise<SignedResponse> {
  const completeWith = (parts?: CompletedPart[]) =>
    job.tools.askFor(job, () => completeUpload(job.signer, upload, job.file.name, parts))
  if (isNamed) return completeWith(await nameParts(job, upload, units))
  return completeWith().catch(async (error) => {
    if (!job.tools.isOneOf(error, ['parts-needed'])) throw error
    return completeWith(await nameParts(job, upload, units))
  })
}

/** Sends one part. Returns its URL, which names the object. */
async function sendPart(
  { file, signer, sender, progress, session, tools }: PartsJob,
  { grant, parts, unhashed, signedParts, comparesParts, isRestored }: MultipartUpload,
  unit: PartUnit,
  hashed: Promise<Digests> | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { partNumber, body } = unit
  const callbacks = progress.unit(partNumber)
  const { signed, digests, isCompared } = await sender.send(unit, {
    ...callbacks,
    file,
    signal,
    stored: () => {
      callbacks.stored()
      unhashed.add(partNumber)
    },
    checksums: () => signer.checksums,
    digests: hashed,
    // A list of thousands of parts, which was asked for already, costs more than a hash.
    mayCompareLater: signer.mayCompareLater && (comparesParts || !isRestored),
    sign: (digests) => {
      const ready = signedParts.get(partNumber)
      signedParts.delete(partNumber)
      if (ready && Object.keys(digests).length === 0) return Promise.resolve(ready)
      return signer.ask({ op: 'part', grant, partNumber, size: body.size, ...digests }, file.name)
    },
  })
  const etag = tools.etagOf(digests)
  parts.set(partNumber, { etag, digests, isCompared })
  unhashed.delete(partNumber)
  // After a reload, a part without an ETag is compared with the bucket's list.
  void session?.addPart(partNumber, { etag: isCompared ? etag : '' })
  return signed.url
}

/** Runs all, and aborts the others when one fails. */
async function allOrNone<T>(
  signal: AbortSignal,
  items: T[],
  run: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController()
  const all = AbortSignal.any([signal, controller.signal])
  try {
    await Promise.all(items.map((item) => run(item, all)))
  } catch (error) {
    controller.abort(error)
    throw error
  }
}
