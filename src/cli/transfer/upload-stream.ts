import { createHash } from 'node:crypto'
import { completeXml } from '../../s3/complete-xml.ts'
import { rootOf, textOf } from '../../s3/xml.ts'
import { type Bucket, presign } from '../../server/index.ts'
import { type Answer, explainAnswer, explainFailure } from '../bucket/bucket-errors.ts'
import { ask, askAgain } from '../bucket/bucket-request.ts'
import { isTemporary, pause, TRIES } from '../bucket/retry.ts'
import { CliError } from '../frame/cli-error.ts'
import type { Io } from '../frame/command.ts'
import { send } from './http-transfer.ts'
import { compareEtag, etagOfParts } from './md5.ts'
import { Progress } from './progress.ts'
import { StoredError, type Uploaded } from './upload-file.ts'

/** Bytes of a part: with 10,000 of them, 320 GiB fit. */
const PART_SIZE = 32 * 2 ** 20

/** How many parts are on their way at a time; one more is being read. */
const LANES = 3

/** What to upload, whose size is not known. */
export interface StreamUpload {
  source: AsyncIterable<Buffer>
  key: string
  /** What is stored with it, as headers. */
  headers: Record<string, string>
  partSize?: number | undefined
}

/** What became of it. */
export interface UploadedStream extends Uploaded {
  /** Bytes. */
  size: number
}

/**
 * Uploads what can be read only once. What fits into one part goes up as a whole, all else in parts;
 * each is kept until the bucket has it.
 *
 * @throws {CliError} when it did not work; then nothing of it stays in the bucket, except for what a
 *   {@link StoredError} is about
 */
export async function uploadStream(
  upload: StreamUpload,
  bucket: Bucket,
  io: Io,
): Promise<UploadedStream> {
  const { source, key, headers, partSize = PART_SIZE } = upload
  const progress = new Progress(io, 'stdin', undefined)
  const parts = cut(source, partSize)
  try {
    const first = await nextOf(parts)
    const second = first.length < partSize ? undefined : await nextOf(parts)
    if (second === undefined || second.length === 0) {
      const { answered, digest } = await store({ bucket, key, headers, body: first, io, progress })
      return judge(answered, digest.toString('hex'), first.length)
    }
    return await uploadParts([first, second], parts, { ...upload, bucket, io, progress })
  } finally {
    progress.end()
  }
}

type Work = Omit<StreamUpload, 'source'> & { bucket: Bucket; io: Io; progress: Progress }

async function uploadParts(
  begun: Buffer[],
  rest: AsyncGenerator<Buffer>,
  { bucket, key, headers, io, progress }: Work,
): Promise<UploadedStream> {
  const started = await ask(
    bucket,
    { method: 'POST', key, query: { uploads: '' }, headers },
    io.signal,
  )
  const uploadId = textOf(started.body, 'UploadId')
  if (started.status !== 200 || uploadId === '') throw explainAnswer(started, bucket.bucket)
  try {
    const sent: { etag: string; digest: Buffer }[] = []
    const failed = new AbortController()
    const signal = AbortSignal.any([io.signal, failed.signal])
    let [count, size] = [0, 0]
    const lane = async () => {
      for (;;) {
        const body = begun.shift() ?? (await nextOf(rest))
        if (body.length === 0) return
        const number = ++count
        if (number > bucket.partRules.maxCount) throw tooLong()
        size += body.length
        const query = { partNumber: String(number), uploadId }
        const work = { bucket, key, headers: {}, query, body, io: { ...io, signal }, progress }
        sent[number - 1] = await store(work)
      }
    }
    const lanes = Array.from({ length: LANES }, lane)
    await Promise.all(lanes).catch(async (error) => {
      failed.abort()
      await Promise.allSettled(lanes)
      throw error
    })
    await complete(bucket, key, uploadId, sent, io.signal)
    const expected = etagOfParts(sent.map(({ digest }) => digest))
    // Not every server names the ETag when it completes.
    const { status, headers } = await askAgain(bucket, { method: 'HEAD', key }, io.signal)
    if (status !== 200) return { etag: '', size, verified: 'size' }
    if (Number(headers.get('Content-Length')) !== size) throw differs()
    return judge(headers, expected, size)
  } catch (error) {
    if (error instanceof StoredError) throw error
    const query = { uploadId }
    await askAgain(bucket, { method: 'DELETE', key, query }, new AbortController().signal).catch(
      () => {},
    )
    throw error
  }
}

async function complete(
  bucket: Bucket,
  key: string,
  uploadId: string,
  sent: { etag: string }[],
  signal: AbortSignal,
): Promise<void> {
  const body = completeXml(sent.map(({ etag }, index) => ({ partNumber: index + 1, etag })))
  const headers = { 'Content-Type': 'application/xml' }
  const request = { method: 'POST', key, query: { uploadId }, headers, body } as const
  const answer = await askAgain(bucket, request, signal)
  if (rootOf(answer.body) === 'CompleteMultipartUploadResult') return
  throw explainAnswer(answer, bucket.bucket)
}

interface Store extends Omit<Work, 'partSize'> {
  query?: Record<string, string>
  body: Buffer
}

/** Stores some bytes, with a few tries. */
async function store({ bucket, key, headers, query = {}, body, io, progress }: Store) {
  const { signal } = io
  const digest = createHash('md5').update(body).digest()
  const signed = { ...headers, 'Content-MD5': digest.toString('base64') }
  for (let tries = 1; ; tries += 1) {
    const options = { method: 'PUT', key, query, headers: signed, expiresIn: 3600 } as const
    const { url } = await presign(bucket, { ...options, now: new Date() })
    let answer: Answer | undefined
    try {
      answer = await send(url, { method: 'PUT', headers: signed, body, signal })
    } catch (error) {
      signal.throwIfAborted()
      if (tries >= TRIES) throw explainFailure(error, bucket.endpoint)
    }
    if (answer && answer.status < 300) {
      progress.add(body.length)
      const { headers: answered } = answer
      return { answered, etag: (answered.get('ETag') ?? '').replaceAll('"', ''), digest }
    }
    if (answer && (tries >= TRIES || !isTemporary(answer))) {
      throw explainAnswer(answer, bucket.bucket)
    }
    await pause(tries, signal)
  }
}

function judge(headers: Headers, expected: string, size: number): UploadedStream {
  const etag = headers.get('ETag') ?? ''
  const isSame = compareEtag(headers, etag, expected)
  if (isSame === false) throw differs()
  return { etag: etag.replaceAll('"', ''), size, verified: isSame ? 'md5' : 'size' }
}

function differs(): StoredError {
  return new StoredError('bytes-differ', 'The bucket has other bytes than were sent: try again.')
}

/** Pieces of one size, and the rest. */
async function* cut(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let length = 0
  for await (const chunk of source) {
    let rest = chunk
    while (length + rest.length >= size) {
      const end = size - length
      yield Buffer.concat([...pieces, rest.subarray(0, end)])
      rest = rest.subarray(end)
      ;[pieces, length] = [[], 0]
    }
    if (rest.length > 0) pieces.push(rest)
    length += rest.length
  }
  if (length > 0) yield Buffer.concat(pieces)
}

/** Empty after the last one. */
async function nextOf(parts: AsyncGenerator<Buffer>): Promise<Buffer> {
  const { value, done } = await parts.next()
  return done ? Buffer.alloc(0) : value
}

function tooLong(): CliError {
  return new CliError(
    'too-large',
    'There are more bytes than fit into the parts of one upload: choose a larger "--part-size".',
  )
}
