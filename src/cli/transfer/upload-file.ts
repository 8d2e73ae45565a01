import { stat } from 'node:fs/promises'
import type { Digests, SignedResponse } from '../../protocol/index.ts'
import type { Bucket } from '../../server/index.ts'
import { type Answer, explainAnswer, explainFailure } from '../bucket/bucket-errors.ts'
import { ask as askBucket } from '../bucket/bucket-request.ts'
import { type Ask, ownSigner } from '../bucket/local-signer.ts'
import { isTemporary, pause, TRIES } from '../bucket/retry.ts'
import type { Stored } from '../bucket/stored-options.ts'
import { CliError } from '../frame/cli-error.ts'
import type { Io } from '../frame/command.ts'
import { FileError, type FileSlice, send } from './http-transfer.ts'
import { compareEtag, etagOfParts, md5Of } from './md5.ts'
import { Progress } from './progress.ts'

/** Files above this go up in parts; as in the browser. */
export const MULTIPART_THRESHOLD = 16 * 2 ** 20

/** How many parts are on their way at a time. */
export const LANES = 4

/** What to upload. */
export interface Upload {
  path: string
  /** How the file is called where it is talked about. */
  name: string
  key: string
  /** Media type. */
  type: string
  /** Bytes, as the file was found. */
  size: number
  /** When the file was last changed, in milliseconds since 1970. */
  changed: number
  /** Size of a part in bytes, if it is not ours to choose. */
  partSize?: number | undefined
  /** What is stored with it. */
  stored?: Stored
}

/** What became of it. */
export interface Uploaded {
  etag: string
  /** How it is known that the bucket has these bytes: by their MD5, or only by their number. */
  verified: 'md5' | 'size'
}

/** It did not work as it should have, and nevertheless an object is in the bucket. */
export class StoredError extends CliError {}

/** All that the steps of one upload share. */
interface Work {
  upload: Upload
  bucket: Bucket
  ask: Ask
  progress: Progress
  signal: AbortSignal
}

/**
 * Uploads one file through presigned URLs, and checks what has arrived.
 *
 * @param shared draws how far it and others have come; by default this one alone
 * @throws {CliError} when it did not work; then nothing of it stays in the bucket, except for what a
 *   {@link StoredError} is about
 */
export async function uploadFile(
  upload: Upload,
  bucket: Bucket,
  io: Io,
  shared?: Progress,
): Promise<Uploaded> {
  const progress = shared ?? new Progress(io, upload.name, upload.size)
  const ask = ownSigner(withPartSize(bucket, upload.partSize), upload.key, upload.stored)
  const work = { upload, bucket, ask, progress, signal: io.signal }
  try {
    return await (upload.size > MULTIPART_THRESHOLD ? uploadParts(work) : uploadWhole(work))
  } finally {
    if (!shared) progress.end()
  }
}

function describe({ name, size, type }: Upload) {
  return { name, size, type }
}

/** The MD5 of what is about to be sent. */
async function digestOf(slice: FileSlice, upload: Upload, signal: AbortSignal): Promise<Buffer> {
  return md5Of(slice, signal).catch(() => {
    signal.throwIfAborted()
    throw changed(upload)
  })
}

async function uploadWhole(work: Work): Promise<Uploaded> {
  const { upload, signal } = work
  const slice = { path: upload.path, start: 0, length: upload.size }
  const digest = await digestOf(slice, upload, signal)
  const file = describe(upload)
  const request = { op: 'put', file, md5: digest.toString('base64') }
  const answer = await store(work, slice, request)
  if (!(await isUnchanged(upload))) throw storedBefore(upload)
  return verified(answer.headers, answer.headers.get('ETag') ?? '', digest.toString('hex'))
}

async function uploadParts(work: Work): Promise<Uploaded> {
  const { upload, ask } = work
  const { grant, partSize } = await ask({ op: 'create', file: describe(upload) })
  try {
    const slices = cut(upload, partSize ?? upload.size)
    const digests = await storeParts(work, slices, grant)
    if (!(await isUnchanged(upload))) throw changed(upload)
    const sent: Digests[] = digests.map((digest) => ({ md5: digest.toString('base64') }))
    const { etag = '' } = await ask({ op: 'complete', grant, digests: sent })
    return await verifyParts(work, etag, etagOfParts(digests))
  } catch (error) {
    // What failed is told, and not that it could not be cleared away either.
    if (!(error instanceof StoredError)) await ask({ op: 'abort', grant }).catch(() => {})
    throw error
  }
}

/** A bucket whose files are cut into parts of this size, as far as its other rules allow. */
function withPartSize(bucket: Bucket, size: number | undefined): Bucket {
  if (size === undefined) return bucket
  return { ...bucket, partRules: { ...bucket.partRules, minSize: size, idealSize: size } }
}

/** The signer has compared the size; what it answers does not say whether the object is encrypted. */
async function verifyParts(
  { bucket, upload, signal }: Work,
  etag: string,
  expected: string,
): Promise<Uploaded> {
  if (compareEtag(new Headers(), etag, expected) !== false) {
    return verified(new Headers(), etag, expected)
  }
  const head = await askBucket(bucket, { method: 'HEAD', key: upload.key }, signal)
  if (head.status !== 200) return { etag, verified: 'size' }
  return verified(head.headers, etag, expected)
}

function cut({ path, size }: Upload, length: number): FileSlice[] {
  const count = Math.ceil(size / length)
  return Array.from({ length: count }, (_, index) => {
    const start = index * length
    return { path, start, length: Math.min(length, size - start) }
  })
}

/** A few lanes, each of which takes the next part; the first failure ends them all. */
async function storeParts(
  work: Work,
  slices: FileSlice[],
  grant: string | undefined,
): Promise<Buffer[]> {
  const failed = new AbortController()
  const signal = AbortSignal.any([work.signal, failed.signal])
  const digests: Buffer[] = []
  let next = 0
  const lane = async () => {
    for (let index = next++; index < slices.length; index = next++) {
      const slice = slices[index] as FileSlice
      const digest = await digestOf(slice, work.upload, signal)
      digests[index] = digest
      const part = { op: 'part', grant, partNumber: index + 1, size: slice.length }
      await store({ ...work, signal }, slice, { ...part, md5: digest.toString('base64') })
    }
  }
  const lanes = Array.from({ length: LANES }, () => lane())
  try {
    await Promise.all(lanes)
  } catch (error) {
    failed.abort()
    // Nothing must be on its way any more when the upload is thrown away.
    await Promise.allSettled(lanes)
    throw error
  }
  return digests
}

/** Stores some bytes, with a few tries, each with a new URL. */
async function store(work: Work, slice: FileSlice, request: object): Promise<Answer> {
  const { bucket, signal } = work
  for (let tries = 1; ; tries += 1) {
    const signed = await work.ask(request)
    const answer = await tryOnce(work, slice, signed).catch((error: unknown) => {
      signal.throwIfAborted()
      if (error instanceof FileError) throw changed(work.upload)
      if (tries >= TRIES) throw explainFailure(error, bucket.endpoint)
      return undefined
    })
    if (answer && answer.status >= 200 && answer.status < 300) return answer
    if (answer && (tries >= TRIES || !isTemporary(answer))) {
      throw explainAnswer(answer, bucket.bucket)
    }
    await pause(tries, signal)
  }
}

/** What did not arrive does not count. */
async function tryOnce(
  { progress, signal }: Work,
  slice: FileSlice,
  { url = '', headers = {} }: SignedResponse,
): Promise<Answer> {
  let sent = 0
  const onBytes = (bytes: number) => {
    sent += bytes
    progress.add(bytes)
  }
  let done = false
  try {
    const answer = await send(url, { method: 'PUT', headers, slice, onBytes, signal })
    done = answer.status < 300
    return answer
  } finally {
    if (!done) progress.add(-sent)
  }
}

async function isUnchanged(upload: Upload): Promise<boolean> {
  const now = await stat(upload.path).catch(() => undefined)
  return now?.size === upload.size && now.mtimeMs === upload.changed
}

function verified(headers: Headers, etag: string, md5: string): Uploaded {
  const isSame = compareEtag(headers, etag, md5)
  if (isSame === false) {
    throw new StoredError('bytes-differ', 'The bucket has other bytes than were sent: try again.')
  }
  return { etag: etag.replaceAll('"', ''), verified: isSame ? 'md5' : 'size' }
}

function changed({ name }: Upload): CliError {
  return new CliError(
    'file-changed',
    `"${name}" was changed or removed while it was uploaded: upload it again when it is complete.`,
  )
}

function storedBefore({ name }: Upload): StoredError {
  return new StoredError(
    'file-changed',
    `"${name}" was changed or removed while it was uploaded, and the bucket has it as it was before: upload it again when it is complete.`,
  )
}
