import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Writable } from 'node:stream'
import { type Bucket, presign } from '../../server/index.ts'
import { explainAnswer, explainFailure } from '../bucket/bucket-errors.ts'
import { isTemporary, pause, TRIES } from '../bucket/retry.ts'
import { CliError } from '../frame/cli-error.ts'
import type { Io } from '../frame/command.ts'
import { headersOf, open, readAnswer } from './http-transfer.ts'
import { compareEtag } from './md5.ts'
import { Progress } from './progress.ts'

/** What was downloaded. */
export interface Downloaded {
  size: number
  etag: string
  /** How it is known that these are the bytes of the object: by their MD5, or only by their number. */
  verified: 'md5' | 'size'
  /** Bytes that were there from an earlier run. */
  resumed?: number
}

/** Where the bytes go. */
export interface Sink {
  /** What an earlier run has left. */
  begun?: { file: FileHandle; size: number; etag: string } | undefined
  /** Bytes of the object, once they are known. */
  size?: number | undefined
  /** Begins at the first byte of the object with this ETag; what was left before is thrown away. */
  open(etag: string): Promise<Writable>
  /** Begins after what an earlier run has left: at this byte. */
  goOn?(at: number): Promise<Writable>
}

/** How far a download has come. */
interface State {
  loaded: number
  /** Bytes of the object, once they are known. */
  size: number | undefined
  etag: string
  headers: Headers
  hash: Hash
  /** Where the bytes go, once that has begun. */
  writable: Writable | undefined
  /** Bytes that an earlier run has left. */
  resumed: number
}

/**
 * Downloads an object through a presigned URL, and checks what has arrived. After the line broke, it
 * goes on from where it was.
 *
 * @param sink gets the bytes; it is not ended
 * @param shared draws how far it and others have come; by default this one alone
 * @throws {CliError}
 */
export async function downloadFile(
  bucket: Bucket,
  key: string,
  sink: Sink,
  io: Io,
  shared?: Progress,
): Promise<Downloaded> {
  const state = await beginAfter(sink, io)
  let progress = shared
  progress?.add(state.loaded)
  try {
    for (let tries = 1; ; tries += 1) {
      const answer = await begin(bucket, key, state, io).catch((error: unknown) => {
        giveUp(error, tries, bucket, io)
      })
      if (answer === 'other') {
        // What an earlier run has left is of another object, or whole: begin anew.
        progress?.add(-state.loaded)
        Object.assign(state, fresh())
        continue
      }
      if (answer) {
        sink.size = state.size
        state.writable ??= await sink.open(state.etag)
        if (!progress) {
          progress = new Progress(io, key.slice(key.lastIndexOf('/') + 1), state.size)
          progress.add(state.resumed)
        }
        const onChunk = (chunk: Buffer) => {
          state.hash.update(chunk)
          state.loaded += chunk.length
          progress?.add(chunk.length)
        }
        const broken = await copy(answer, state.writable, onChunk)
        if (broken === undefined && isComplete(state)) break
        giveUp(broken ?? cutOff(), tries, bucket, io)
      }
      await pause(tries, io.signal)
    }
  } finally {
    if (!shared) progress?.end()
  }
  return judge(state)
}

function fresh(): State {
  return {
    ...{ loaded: 0, size: undefined, etag: '', headers: new Headers() },
    ...{ hash: createHash('md5'), writable: undefined, resumed: 0 },
  }
}

/** After what an earlier run has left, which is read again for the MD5 of the whole. */
async function beginAfter({ begun, goOn }: Sink, { signal }: Io): Promise<State> {
  const state = fresh()
  if (!begun || !goOn) return state
  const { file, size, etag } = begun
  const stream = file.createReadStream({ autoClose: false, start: 0, end: size - 1 })
  for await (const chunk of stream) {
    signal.throwIfAborted()
    state.hash.update(chunk)
  }
  return { ...state, etag, loaded: size, resumed: size, writable: await goOn(size) }
}

/** Throws unless another try may help. */
function giveUp(error: unknown, tries: number, bucket: Bucket, io: Io): void {
  io.signal.throwIfAborted()
  if (error instanceof CliError) throw error
  if (tries >= TRIES) throw explainFailure(error, bucket.endpoint)
}

/**
 * Asks for what is missing.
 *
 * @returns `other` where what an earlier run has left is no beginning of the object
 */
async function begin(
  bucket: Bucket,
  key: string,
  state: State,
  io: Io,
): Promise<IncomingMessage | 'other'> {
  const options = { method: 'GET', key, expiresIn: 3600, now: new Date() } as const
  const { url } = await presign(bucket, options)
  const isRest = state.loaded > 0
  const headers: Record<string, string> = isRest
    ? { Range: `bytes=${state.loaded}-`, 'If-Match': state.etag }
    : {}
  const answer = await open(url, { method: 'GET', headers, signal: io.signal })
  if (answer.statusCode === (isRest ? 206 : 200)) {
    if (isRest) checkRange(state, answer)
    else remember(state, headersOf(answer))
    if (state.size === undefined) rememberRest(state, answer)
    return answer
  }
  const isFirst = state.size === undefined
  if (isRest && isFirst && answer.statusCode === 200) {
    answer.destroy()
    return 'other'
  }
  const refusal = await readAnswer(answer)
  if (isTemporary(refusal)) throw new Error(`status ${refusal.status}`)
  if (isRest && isFirst && (refusal.status === 412 || refusal.status === 416)) return 'other'
  if (!isRest || isFirst) throw explainAnswer(refusal, bucket.bucket)
  throw new CliError(
    'object-changed',
    'The object was replaced while it was downloaded: download it again.',
  )
}

/**
 * A server, or a cache before it, may answer with another part of the object than was asked for.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-content-range
 */
function checkRange({ loaded, size }: State, answer: IncomingMessage): void {
  const range = answer.headers['content-range'] ?? ''
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? []
  const isWhole = total === '*' || size === undefined || Number(total) === size
  if (start !== undefined && Number(start) === loaded && isWhole) return
  answer.destroy()
  throw new CliError(
    'bytes-differ',
    'The server answered with another part of the object than the one that was missing: download it again.',
  )
}

function remember(state: State, headers: Headers): void {
  const length = headers.get('Content-Length')
  state.headers = headers
  state.etag = headers.get('ETag') ?? ''
  state.size = length === null ? undefined : Number(length)
}

/** What is known by the first answer, where an earlier run has left the beginning. */
function rememberRest(state: State, answer: IncomingMessage): void {
  const total = /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1]
  if (total === undefined) return
  state.headers = headersOf(answer)
  state.size = Number(total)
}

/** Resolves with what went wrong on the line. What the disk says is thrown. */
async function copy(
  answer: IncomingMessage,
  sink: Writable,
  onChunk: (chunk: Buffer) => void,
): Promise<unknown> {
  const chunks = answer[Symbol.asyncIterator]()
  for (;;) {
    let next: IteratorResult<Buffer>
    try {
      next = await chunks.next()
    } catch (error) {
      return error
    }
    if (next.done) return undefined
    onChunk(next.value)
    await write(sink, next.value)
  }
}

function write(sink: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(chunk, (error) => {
      if (!error) return resolve()
      const { code } = error as NodeJS.ErrnoException
      reject(
        new CliError('file-unwritable', `The file cannot be written (${code}): is there room?`),
      )
    })
  })
}

function isComplete({ loaded, size }: State): boolean {
  return size === undefined || loaded >= size
}

function cutOff(): Error {
  return Object.assign(new Error('cut off'), { code: 'ECONNRESET' })
}

function judge({ loaded, size, etag, headers, hash, resumed }: State): Downloaded {
  const md5 = hash.digest('hex')
  const isSame = compareEtag(headers, etag, md5)
  if (isSame === false || (size !== undefined && loaded !== size)) {
    throw new CliError('bytes-differ', 'These are not the bytes of the object: download it again.')
  }
  const verified = isSame ? 'md5' : 'size'
  const rest = resumed > 0 ? { resumed } : {}
  return { size: loaded, etag: etag.replaceAll('"', ''), verified, ...rest }
}
