import type { CompletedPart, SignedResponse } from '../protocol/index.ts'
import { UploadError, type UploadErrorCode } from './errors.ts'
import { HashAhead } from './hash-ahead.ts'
import type { FileInfo } from './ledger.ts'
import { base64ToHex } from './md5-etag.ts'
import {
  completeUpload,
  createUpload,
  listStoredParts,
  type MultipartUpload,
  type StoredPart,
} from './multipart.ts'
import { cutIntoParts, DEFAULT_RULES, planPartSize, type TransferUnit, wholeFile } from './plan.ts'
import { randomId } from './random-id.ts'
import type { SignerClient } from './signer-client.ts'
import type { UnitSender } from './unit-sender.ts'
import type { UnitWatch } from './unit-watch.ts'

/** What was reached for a file, and outlives a pause, a failure and a retry. */
export interface FileMemory {
  /** Names the key of a single PUT, so that another try does not make another object. */
  grant?: string | undefined
  /** Names the key of an upload in parts from before it is begun. */
  nonce?: string | undefined
  upload?: MultipartUpload | undefined
}

/** What the upload of one file works with. */
export interface FileUpload {
  file: FileInfo
  memory: FileMemory
  watch: UnitWatch
  signal: AbortSignal
  signer: SignerClient
  sender: UnitSender
  limit: number
  /** Told the grant by which a single PUT can be sent to the same key again. */
  rememberGrant: (grant: string) => Promise<void>
  /** Told when there is nothing left to go on with. */
  forget: () => void
  /** MD5 of a blob in base64, also with integrity off; `undefined` where it is not to be had. */
  hash: (body: Blob) => Promise<string | undefined>
}

/** What the upload of a file in parts works with, besides. */
export interface PartsUpload extends FileUpload {
  /** Told by what an upload can be found, before it is begun. */
  rememberNonce: (nonce: string) => Promise<void>
  /** Told when a multipart upload begins. False when nobody wants it any more. */
  remember: (upload: MultipartUpload) => Promise<boolean>
  rememberPart: (partNumber: number, part: StoredPart) => void
}

/** What the bucket holds in the end. */
export interface Stored {
  signed: SignedResponse
  etag: string | null
  /** Address of the object without a signature, where the URL of the PUT tells it. */
  url: string | undefined
}

/** Stores a small file with one PUT. */
export async function uploadWhole(upload: FileUpload): Promise<Stored> {
  const { file, memory, watch, signal, signer, sender } = upload
  const { name, size, type, path, meta } = file
  const { signed, md5 } = await sender.send(wholeFile(file.id, file.file), {
    ...watch.unit(0),
    file,
    signal,
    sign: async ({ md5, form }) => {
      const wishes = given({ md5, form: form || undefined })
      const put = { op: 'put' as const, file: { name, size, type, path }, meta, ...wishes }
      const signed = await again(memory, (grant) => signer.ask({ ...put, ...grant }, name))
      if (signed.grant && signed.grant !== memory.grant) {
        memory.grant = signed.grant
        await upload.rememberGrant(signed.grant)
      }
      return signed
    },
  })
  upload.forget()
  return { signed, etag: md5 ? base64ToHex(md5) : null, url: objectUrl(signed) }
}

/** A form goes to the address of the bucket, and names the object by a field. */
function objectUrl({ url = '', fields, key = '' }: SignedResponse): string {
  return fields ? new URL(key.split('/').map(encodeURIComponent).join('/'), url).href : url
}

/** Asks for the same key as before; if that is not to be had any more, for a new one. */
async function again<T>(memory: FileMemory, ask: (grant: { grant?: string }) => Promise<T>) {
  const { grant } = memory
  if (grant === undefined) return ask({})
  try {
    return await ask({ grant })
  } catch (error) {
    if (!isOneOf(error, ['invalid-grant'])) throw error
    delete memory.grant
    return ask({})
  }
}

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
  const { file, signer, sender, signal, watch } = upload
  const ahead = new HashAhead(upload)
  const multipart = await openUpload(upload)
  const md5s = ahead.of(multipart.partSize)
  const units = cutIntoParts(file.id, file.file, multipart.partSize)
  const missing = units.filter(({ partNumber, body }) => {
    const isStored = multipart.parts.has(partNumber)
    if (isStored) watch.unit(partNumber).progress(body.size)
    return !isStored
  })
  let url: string | undefined
  await allOrNone(signal, missing, async (unit, partSignal) => {
    const md5 = md5s.get(unit.partNumber)
    url = await sendPart(upload, multipart, { ...unit, md5 }, partSignal)
  })
  watch.sent()
  const asked = { file, signal, waiting: watch.waiting }
  const complete = (parts?: CompletedPart[]) =>
    sender.ask(asked, () => completeUpload(signer, multipart, file.name, parts))
  const signed = await complete().catch(async (error) => {
    if (!isOneOf(error, ['parts-needed'])) throw error
    return complete(await namedParts(upload, multipart, units))
  })
  upload.forget()
  return { signed: { key: multipart.key, ...signed }, etag: signed.etag ?? null, url }
}

/** Sends one part; answers with its URL, which names the object. */
async function sendPart(
  { file, signer, sender, watch, rememberPart }: PartsUpload,
  multipart: MultipartUpload,
  unit: TransferUnit & { partNumber: number; md5: Promise<string | undefined> | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { partNumber, body } = unit
  const { grant } = multipart
  const { signed, md5 } = await sender.send(unit, {
    ...watch.unit(partNumber),
    file,
    signal,
    md5: unit.md5,
    sign: ({ md5 }) =>
      signer.ask({ op: 'part', grant, partNumber, size: body.size, ...given({ md5 }) }, file.name),
  })
  const part = { etag: md5 ? base64ToHex(md5) : '' }
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
    const partSize = (rules = DEFAULT_RULES) => planPartSize(file.size, rules, limit)
    const attempt = { nonce, again }
    // From now on an answer may get lost.
    again = true
    const created = await createUpload(signer, file, attempt, partSize)
    // Also when it was stopped in the meantime, and nobody waits for this any more.
    if (await upload.remember(created)) memory.upload = created
    else signer.tell({ op: 'abort', grant: created.grant })
    return created
  })
}

/** The stored parts that are what the file has there now: by size, and by MD5 where that is known. */
async function matching(
  { file, hash }: FileUpload,
  { partSize, parts: known }: MultipartUpload,
  stored: Map<number, StoredPart & { size: number }>,
): Promise<Map<number, StoredPart>> {
  const parts = new Map<number, StoredPart>()
  for (const { partNumber, body } of cutIntoParts(file.id, file.file, partSize)) {
    const part = stored.get(partNumber)
    if (part?.size !== body.size) continue
    // What we sent ourselves, and what cannot be told by an MD5, is taken as it is.
    const isKnown = known.get(partNumber)?.etag === part.etag
    const md5 = !isKnown && /^[0-9a-f]{32}$/.test(part.etag) ? await hash(body) : undefined
    if (!md5 || base64ToHex(md5) === part.etag) parts.set(partNumber, { etag: part.etag })
  }
  return parts
}

/** All parts with their ETags, for a signer or bucket that cannot list them: there, the ETag is the MD5. */
async function namedParts(
  { file, hash }: FileUpload,
  { parts }: MultipartUpload,
  units: (TransferUnit & { partNumber: number })[],
): Promise<CompletedPart[]> {
  const named: CompletedPart[] = []
  for (const { partNumber, body } of units) {
    const etag = parts.get(partNumber)?.etag || base64ToHex((await hash(body)) ?? '')
    if (!etag) throw new UploadError('parts-needed', file.name)
    named.push({ partNumber, etag })
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

function isOneOf(error: unknown, codes: UploadErrorCode[]): boolean {
  return error instanceof UploadError && codes.includes(error.code)
}

function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> }
}
