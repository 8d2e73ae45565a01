import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Digests, SignedResponse } from '../../protocol/index.ts'
import type { Bucket } from '../../server/index.ts'
import { type Answer, explainAnswer, explainFailure } from '../bucket/bucket-errors.ts'
import { ask as askBucket } from '../bucket/bucket-request.ts'
import { type OwnSigner, ownSigner } from '../bucket/local-signer.ts'
import { isTemporary, pause, TRIES } from '../bucket/retry.ts'
import { type Stored, storedHeadersOf } from '../bucket/stored-options.ts'
import { CliError } from '../frame/cli-error.ts'
import type { Io } from '../frame/command.ts'
import { printable } from '../frame/printable.ts'
import { findBegun } from './begun-upload.ts'
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
  /** Bytes that were there from an earlier run, and were not sent again. */
  resumed?: number
}

/** It did not work as it should have, and nevertheless an object is in the bucket. */
export class StoredError extends CliError {}

/** All that the steps of one upload share. */
interface Work {
  upload: Upload
  bucket: Bucket
  signer: OwnSigner
  progress: Progress
  io: Io
  signal: AbortSignal
}

/**
 * Uploads one file through presigned URLs, and checks what has arrived.
 *
 * @param shared draws how far it and others have come; by default this one alone
 * @throws {CliError} when it did not work. Nothing of it stays in the bucket, except for what a
 *   {@link StoredError} is about, and for parts with which another run may go on
 */
export async function uploadFile(
  upload: Upload,
  bucket: Bucket,
  io: Io,
  shared?: Progress,
): Promise<Uploaded> {
  const progress = shared ?? new Progress(io, upload.name, upload.size)
  const signer = ownSigner(withPartSize(bucket, upload.partSize), upload.key, upload.stored)
  const work = { upload, bucket, signer, progress, io, signal: io.signal }
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
  const { upload, bucket, signer, progress, signal } = work
  const begun = await findBegun(upload, bucket, signal)
  if (begun === undefined) return storeInParts(work, new Map(), await begin(work))
  const { digests, ...rest } = begun
  const grant = await signer.grantFor(describe(upload), rest)
  const sent = [...digests.keys()].reduce(
    (sum, index) => sum + Math.min(rest.partSize, upload.size - index * rest.partSize),
    0,
  )
  progress.add(sent)
  const uploaded = await storeInParts(work, digests, { grant, partSize: rest.partSize })
  if (await isStoredAlong(work)) return { ...uploaded, resumed: sent }
  // What is stored along was said when the upload began, and is another by now.
  progress.add(-upload.size)
  return storeInParts(work, new Map(), await begin(work))
}

/** An upload in parts, as the signer knows it. */
interface Started {
  grant: string
  partSize: number
}

async function begin({ upload, signer }: Work): Promise<Started> {
  const { grant = '', partSize = upload.size } = await signer.ask({
    op: 'create',
    file: describe(upload),
  })
  return { grant, partSize }
}

/** @param digests the MD5s of the parts that the bucket has already, by their places */
async function storeInParts(
  work: Work,
  digests: Map<number, Buffer>,
  { grant, partSize }: Started,
): Promise<Uploaded> {
  const { upload, signer } = work
  try {
    await storeParts(work, cut(upload, partSize), digests, grant)
    if (!(await isUnchanged(upload))) throw changed(upload)
    const all = [...digests].sort(([one], [other]) => one - other).map(([, digest]) => digest)
    const sent: Digests[] = all.map((digest) => ({ md5: digest.toString('base64') }))
    const { etag = '' } = await signer.ask({ op: 'complete', grant, digests: sent })
    return await verifyParts(work, etag, etagOfParts(all))
  } catch (error) {
    if (error instanceof StoredError) throw error
    if (digests.size > 0 && mayGoOn(work, error)) tellKept(work)
    // What failed is told, and not that it could not be cleared away either.
    else await signer.ask({ op: 'abort', grant }).catch(() => {})
    throw error
  }
}

/** Whether another run may go on with the parts that are there: the file and the bucket are well. */
function mayGoOn({ signal }: Work, error: unknown): boolean {
  return signal.aborted || (error instanceof CliError && KEEPS_PARTS.includes(error.code))
}

/** After these an upload in parts can go on later. */
const KEEPS_PARTS = ['bucket-unreachable', 'slow-down', 'credentials-expired']

function tellKept({ upload, bucket, io }: Work): void {
  const address = `s3://${bucket.bucket}/${upload.key}`
  io.err(
    `${io.style('yellow', 'Note:')} ${printable(upload.name)}: the parts that are stored stay, and the same command goes on with them; "abort-unfinished ${printable(address)} --older-than 1" removes them.`,
  )
}

/** Whether type, metadata and all else that is stored along are what this run was told to store. */
async function isStoredAlong({ bucket, upload, signal }: Work): Promise<boolean> {
  const { key, name, type, stored = {} } = upload
  const wanted = Object.entries({
    'Content-Type': type,
    ...storedHeadersOf(stored, bucket, basename(name)),
  })
  const { headers } = await askBucket(bucket, { method: 'HEAD', key }, signal)
  const metadata = [...headers.keys()].filter((header) => header.startsWith('x-amz-meta-'))
  const kinds = ['content-type', 'cache-control', 'content-disposition', ...metadata]
  const found = kinds.filter((header) => headers.has(header))
  return (
    found.length === wanted.length &&
    wanted.every(([header, value]) => headers.get(header) === value)
  )
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

/**
 * A few lanes, each of which takes the next part that is missing; the first failure ends them all.
 *
 * @param digests gets the MD5 of each part once it is stored
 */
async function storeParts(
  work: Work,
  slices: FileSlice[],
  digests: Map<number, Buffer>,
  grant: string,
): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([work.signal, failed.signal])
  const missing = [...slices.entries()].filter(([index]) => !digests.has(index))
  const lane = async () => {
    for (let next = missing.shift(); next; next = missing.shift()) {
      const [index, slice] = next
      const digest = await digestOf(slice, work.upload, signal)
      const part = { op: 'part', grant, partNumber: index + 1, size: slice.length }
      await store({ ...work, signal }, slice, { ...part, md5: digest.toString('base64') })
      digests.set(index, digest)
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
}

/** Stores some bytes, with a few tries, each with a new URL. */
async function store(work: Work, slice: FileSlice, request: object): Promise<Answer> {
  const { bucket, signal } = work
  for (let tries = 1; ; tries += 1) {
    const signed = await work.signer.ask(request)
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
