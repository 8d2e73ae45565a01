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
import { type FileUpload, isOneOf, type PartsUpload, type Stored } from './file-job.ts'
import { HashAhead } from './hash-ahead.ts'

/** How often parts that turn out to be other ones are sent again. */
const MOST_REPAIRS = 2

/** Stores a large file in parts, of which those that the bucket has already are not sent again. */
export async function uploadInParts(upload: PartsUpload): Promise<Stored> {
  const { signal } = upload
  try {
    return await uploadOnce(upload)
  } catch (error) {
    // It idled for too long, somebody threw it away, or somebody else is signed in: start over, once.
    if (!isOneOf(error, ['upload-gone', 'invalid-grant']) || signal.aborted) throw error
    const completed = await completedBefore(upload)
    upload.forget()
    if (completed) return completed
    delete upload.memory.upload
    // Its key belongs to what is gone.
    delete upload.memory.nonce
    return uploadOnce(upload)
  }
}

/** It is gone as well when an earlier page completed it, and did not live to hear of it. */
async function completedBefore({ file, memory, signer, sender, signal, watch }: PartsUpload) {
  const { upload } = memory
  if (!upload) return undefined
  try {
    const asked = { file, signal, waiting: watch.waiting }
    const signed = await sender.ask(asked, () =>
      completeUpload(signer, upload, file.name, undefined),
    )
    return { signed: { key: upload.key, ...signed }, etag: signed.etag ?? null, url: undefined }
  } catch (error) {
    if (error instanceof UploadError) return undefined
    throw error
  }
}

async function uploadOnce(upload: PartsUpload): Promise<Stored> {
  const { file, watch, signal } = upload
  const ahead = new HashAhead(upload)
  const multipart = await openUpload(upload)
  const hashed = ahead.of(multipart.partSize)
  const units = cutIntoParts(file.id, file.file, multipart.partSize)
  let url: string | undefined
  for (let repairs = 0; ; repairs++) {
    const missing = units.filter(({ partNumber, body }) => {
      const isStored = multipart.parts.has(partNumber)
      if (isStored) watch.unit(partNumber).progress(body.size)
      return !isStored
    })
    await allOrNone(signal, missing, async (unit, partSignal) => {
      const digests = repairs === 0 ? hashed.get(unit.partNumber) : undefined
      url = await sendPart(upload, multipart, { ...unit, digests }, partSignal)
    })
    watch.sent()
    try {
      const signed = await complete(upload, multipart, units)
      upload.forget()
      return { signed: { key: multipart.key, ...signed }, etag: signed.etag ?? null, url }
    } catch (error) {
      if (repairs === MOST_REPAIRS || !isOneOf(error, ['parts-differ'])) throw error
      await forgetOthers(upload, multipart)
    }
  }
}

/** Puts the parts together. They are named only where that is asked for. */
async function complete(
  upload: PartsUpload,
  multipart: MultipartUpload,
  units: (TransferUnit & { partNumber: number })[],
): Promise<SignedResponse> {
  const { file, signer, sender, signal, watch } = upload
  const asked = { file, signal, waiting: watch.waiting }
  const ask = (parts?: CompletedPart[]) =>
    sender.ask(asked, () => completeUpload(signer, multipart, file.name, parts))
  return ask().catch(async (error) => {
    if (!isOneOf(error, ['parts-needed'])) throw error
    return ask(await namedParts(upload, multipart, units))
  })
}

/** Forgets the parts that the bucket does not have as they were sent, so that they are sent again. */
async function forgetOthers(upload: PartsUpload, multipart: MultipartUpload): Promise<void> {
  const { file, signer, sender, signal, watch } = upload
  const asked = { file, signal, waiting: watch.waiting }
  const stored = await sender.ask(asked, () => listStoredParts(signer, multipart, file.name))
  for (const [partNumber, { digests }] of multipart.parts) {
    // What an earlier page has sent is not what the signer has compared.
    if (digests && stored?.get(partNumber)?.etag !== (etagOf(digests) || undefined)) {
      multipart.parts.delete(partNumber)
    }
  }
}

/** Sends one part; answers with its URL, which names the object. */
async function sendPart(
  { file, signer, sender, watch, rememberPart }: PartsUpload,
  multipart: MultipartUpload,
  unit: TransferUnit & { partNumber: number; digests: Promise<Digests> | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { partNumber, body } = unit
  const { grant } = multipart
  const { signed, digests } = await sender.send(unit, {
    ...watch.unit(partNumber),
    file,
    signal,
    digests: unit.digests,
    sign: (digests) =>
      signer.ask({ op: 'part', grant, partNumber, size: body.size, ...digests }, file.name),
  })
  const part = { etag: etagOf(digests), digests }
  multipart.parts.set(partNumber, part)
  rememberPart(partNumber, part)
  return signed.url
}

/** Goes on with an upload that was begun, if the bucket still has it, or begins one. */
async function openUpload(upload: PartsUpload): Promise<MultipartUpload> {
  const { file, memory, signer, sender, signal, watch, limit } = upload
  const asked = { file, signal, waiting: watch.waiting }
  if (memory.upload && memory.upload.expiresAt > Date.now()) {
    const begun = memory.upload
    const stored = await sender.ask(asked, () => listStoredParts(signer, begun, file.name))
    // Where the bucket cannot tell, what we remember has to do.
    if (stored) begun.parts = await matching(upload, begun, stored)
    return begun
  }
  let again = memory.nonce !== undefined
  memory.nonce ??= randomId()
  const { nonce } = memory
  await upload.rememberNonce(nonce)
  return sender.ask(asked, async () => {
    const usual = planPartSize(file.size, S3_PART_RULES, limit)
    const attempt = { nonce, again }
    // From now on an answer may get lost.
    again = true
    const created = await createUpload(signer, file, attempt, usual)
    // Also when it was stopped in the meantime, and nobody waits for this any more.
    if (await upload.remember(created)) memory.upload = created
    else abandonUpload(signer, created)
    return created
  })
}

/**
 * The stored parts that are what the file has there now: by size, and by MD5 where that is known. With
 * some settings (SSE-KMS on AWS is one) no ETag is an MD5, though it looks like one: if none is what
 * was noted, none tells anything, and the notes have to do.
 */
async function matching(
  { file, hash }: FileUpload,
  { partSize, parts: known }: MultipartUpload,
  stored: Map<number, StoredPart & { size: number }>,
): Promise<Map<number, StoredPart>> {
  const parts = new Map<number, StoredPart>()
  const isSame = (number: number) => known.get(number)?.etag === stored.get(number)?.etag
  const noted = [...known.keys()].filter((number) => known.get(number)?.etag && stored.has(number))
  const tells = noted.length === 0 || noted.some(isSame)
  for (const { partNumber, body } of cutIntoParts(file.id, file.file, partSize)) {
    const part = stored.get(partNumber)
    if (part?.size !== body.size) continue
    // What we sent ourselves, and what cannot be told by an MD5, is taken as it is.
    const isKnown = tells ? isSame(partNumber) : known.has(partNumber)
    const md5 = !isKnown && /^[0-9a-f]{32}$/.test(part.etag) ? etagOf(await hash(body)) : ''
    if (!md5 || md5 === part.etag) {
      parts.set(partNumber, { ...known.get(partNumber), etag: part.etag })
    }
  }
  return parts
}

/**
 * All parts with their ETags, and the checksums that the signer has asked for, for a signer or bucket
 * that cannot list them: there, the ETag is the MD5.
 */
async function namedParts(
  { file, hash, signer }: FileUpload,
  { parts }: MultipartUpload,
  units: (TransferUnit & { partNumber: number })[],
): Promise<CompletedPart[]> {
  const named: CompletedPart[] = []
  for (const { partNumber, body } of units) {
    const part = parts.get(partNumber)
    const isKnown = part?.etag && (part.digests || signer.checksums.length === 0)
    const digests = isKnown ? part.digests : await hash(body)
    const { md5, ...checksums } = digests ?? {}
    const etag = part?.etag || etagOf(digests)
    if (!etag) throw new UploadError('parts-needed', file.name)
    named.push({ partNumber, etag, ...checksums })
  }
  return named
}

/** Runs all, and stops the others when one fails: they share one fate. */
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
