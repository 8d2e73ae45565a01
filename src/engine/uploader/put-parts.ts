import type { CompletedPart, Digests, SignedResponse } from '../../protocol/index.ts'
import { planPartSize, S3_PART_RULES } from '../../s3/part-size.ts'
import { randomId } from '../../util/random-id.ts'
import { UploadError } from '../api/errors.ts'
import { etagOf } from '../hash/md5-etag.ts'
import {
  abandonUpload,
  completeUpload,
  createUpload,
  listStoredParts,
  type MultipartUpload,
  type StoredPart,
} from '../signer/multipart.ts'
import { cutIntoParts, type TransferUnit } from '../transport/unit.ts'
import { digestAll, isOneOf, type RunningJob, type StoredObject } from './file-job.ts'
import { HashAhead } from './hash-ahead.ts'

/** How often parts are sent again that differ in the bucket from what was sent. */
const MOST_REPAIRS = 2

type PartUnit = TransferUnit & { partNumber: number }

/** Uploads a large file in parts. Parts that are in the bucket are not sent again. */
export async function uploadInParts(job: RunningJob): Promise<StoredObject> {
  const { checkpoint, signal, session } = job
  try {
    return await uploadOnce(job)
  } catch (error) {
    // The upload has expired or was aborted, or another user is signed in: start over, once.
    if (!isOneOf(error, ['upload-gone', 'invalid-grant']) || signal.aborted) throw error
    const completed = await completedBefore(job)
    void session?.forget()
    if (completed) return completed
    delete checkpoint.upload
    // Its key belongs to the upload that is gone.
    delete checkpoint.nonce
    job.progress.restart()
    return uploadOnce(job)
  }
}

/** `NoSuchUpload` also means that an earlier page completed it but closed before the answer came. */
async function completedBefore(job: RunningJob): Promise<StoredObject | undefined> {
  const { upload } = job.checkpoint
  if (!upload) return undefined
  try {
    const signed = await ask(job, () =>
      completeUpload(job.signer, upload, job.file.name, undefined),
    )
    return { signed: { key: upload.key, ...signed }, etag: signed.etag ?? null, url: undefined }
  } catch (error) {
    if (error instanceof UploadError) return undefined
    throw error
  }
}

async function uploadOnce(job: RunningJob): Promise<StoredObject> {
  const { file, progress, signal, session } = job
  const ahead = new HashAhead(job)
  const upload = await openUpload(job).catch((error) => {
    ahead.stop()
    throw error
  })
  const hashed = ahead.of(upload.partSize)
  const units = cutIntoParts(file.id, file.file, upload.partSize)
  let url: string | undefined
  for (let repairs = 0; ; repairs++) {
    const missing = units.filter(({ partNumber, body }) => {
      const isStored = upload.parts.has(partNumber)
      if (isStored) progress.unit(partNumber).progress(body.size)
      return !isStored
    })
    await allOrNone(signal, missing, async (unit, partSignal) => {
      const digests = repairs === 0 ? hashed.get(unit.partNumber) : undefined
      url = await sendPart(job, upload, unit, digests, partSignal)
    })
    progress.sent()
    try {
      const signed = await complete(job, upload, units)
      void session?.forget()
      return { signed: { key: upload.key, ...signed }, etag: signed.etag ?? null, url }
    } catch (error) {
      if (repairs === MOST_REPAIRS || !isOneOf(error, ['parts-differ'])) throw error
      await dropDifferentParts(job, upload)
      progress.restart()
    }
  }
}

/** Completes the upload. Names the parts only where the signer asks for them. */
async function complete(
  job: RunningJob,
  upload: MultipartUpload,
  units: PartUnit[],
): Promise<SignedResponse> {
  const completeWith = (parts?: CompletedPart[]) =>
    ask(job, () => completeUpload(job.signer, upload, job.file.name, parts))
  return completeWith().catch(async (error) => {
    if (!isOneOf(error, ['parts-needed'])) throw error
    return completeWith(await nameParts(job, upload, units))
  })
}

/** Drops the parts that differ in the bucket from what was sent, so that they are sent again. */
async function dropDifferentParts(job: RunningJob, upload: MultipartUpload): Promise<void> {
  const stored = await ask(job, () => listStoredParts(job.signer, upload, job.file.name))
  for (const [partNumber, { digests }] of upload.parts) {
    // The signer has not compared the parts that an earlier page sent.
    if (digests && stored?.get(partNumber)?.etag !== (etagOf(digests) || undefined)) {
      upload.parts.delete(partNumber)
    }
  }
}

/** Sends one part. Returns its URL, which names the object. */
async function sendPart(
  { file, signer, sender, progress, session }: RunningJob,
  { grant, parts }: MultipartUpload,
  unit: PartUnit,
  hashed: Promise<Digests> | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { partNumber, body } = unit
  const { signed, digests } = await sender.send(unit, {
    ...progress.unit(partNumber),
    file,
    signal,
    checksums: () => signer.checksums,
    digests: hashed,
    sign: (digests) =>
      signer.ask({ op: 'part', grant, partNumber, size: body.size, ...digests }, file.name),
  })
  const part = { etag: etagOf(digests), digests }
  parts.set(partNumber, part)
  void session?.addPart(partNumber, part)
  return signed.url
}

/** Continues the upload of the checkpoint, if the bucket still has it, or creates one. */
async function openUpload(job: RunningJob): Promise<MultipartUpload> {
  const { file, checkpoint, signer, session } = job
  const { upload } = checkpoint
  if (upload && upload.expiresAt > Date.now()) {
    const stored = await ask(job, () => listStoredParts(signer, upload, file.name))
    // Where the bucket cannot list parts, those of the checkpoint count.
    if (stored) upload.parts = await matchingParts(job, upload, stored)
    return upload
  }
  let again = checkpoint.nonce !== undefined
  checkpoint.nonce ??= randomId()
  await session?.saveNonce(checkpoint.nonce)
  return ask(job, () => {
    checkpoint.creating ??= beginUpload(job, again)
    // From now on an answer may get lost.
    again = true
    return checkpoint.creating
  })
}

/** Also ends after an abort, when nothing waits for it but perhaps the next run of the file. */
async function beginUpload(job: RunningJob, again: boolean): Promise<MultipartUpload> {
  const { file, checkpoint, signer, sender, session } = job
  const { nonce = '' } = checkpoint
  try {
    const usual = planPartSize(file.size, S3_PART_RULES, sender.limit)
    const created = await createUpload(signer, file, { nonce, again }, usual)
    if (job.isWanted()) {
      checkpoint.upload = created
      // Not awaited: until it is stored, the nonce finds the upload.
      void session?.save(created)
    } else abandonUpload(signer, created)
    return created
  } finally {
    checkpoint.creating = undefined
  }
}

/**
 * The stored parts that match the file as it is now: by size, and by MD5 where the ETag is one. With
 * some settings (SSE-KMS on AWS is one) no ETag is an MD5, though it looks like one. If no ETag is the
 * one that was noted, ETags prove nothing, and the notes of the checkpoint count.
 */
async function matchingParts(
  job: RunningJob,
  { partSize, parts: known }: MultipartUpload,
  stored: Map<number, StoredPart & { size: number }>,
): Promise<Map<number, StoredPart>> {
  const { id, file } = job.file
  const parts = new Map<number, StoredPart>()
  const isSame = (number: number) => known.get(number)?.etag === stored.get(number)?.etag
  const noted = [...known.keys()].filter((number) => known.get(number)?.etag && stored.has(number))
  const provesContent = noted.length === 0 || noted.some(isSame)
  for (const { partNumber, body } of cutIntoParts(id, file, partSize)) {
    const part = stored.get(partNumber)
    if (part?.size !== body.size) continue
    // A part that this browser has sent needs no check, nor does one whose ETag is no MD5.
    const isKnown = provesContent ? isSame(partNumber) : known.has(partNumber)
    const isMd5 = !isKnown && /^[0-9a-f]{32}$/.test(part.etag)
    const md5 = isMd5 ? etagOf(await digestAll(job, body)) : ''
    if (!md5 || md5 === part.etag) {
      parts.set(partNumber, { ...known.get(partNumber), etag: part.etag })
    }
  }
  return parts
}

/**
 * All parts with their ETags and the checksums that the signer requires, for a signer or bucket that
 * cannot list them: there, the ETag is the MD5.
 */
async function nameParts(
  job: RunningJob,
  { parts }: MultipartUpload,
  units: PartUnit[],
): Promise<CompletedPart[]> {
  const named: CompletedPart[] = []
  for (const { partNumber, body } of units) {
    const part = parts.get(partNumber)
    const isKnown = part?.etag && (part.digests || job.signer.checksums.length === 0)
    const digests = isKnown ? part.digests : await digestAll(job, body)
    const { md5, ...checksums } = digests ?? {}
    const etag = part?.etag || etagOf(digests)
    if (!etag) throw new UploadError('parts-needed', job.file.name)
    named.push({ partNumber, etag, ...checksums })
  }
  return named
}

/** Asks the signer or the bucket, with the retries of the sender. */
function ask<T>({ file, signal, sender, progress }: RunningJob, work: () => Promise<T>) {
  return sender.ask({ file, signal, waiting: progress.waiting }, work)
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
