/** What all hash workers do: read blobs, and answer with their digests. */
import type { Digests } from '../../protocol/index.ts'
import {
  type BlobResult,
  FORMAT,
  type HashAnswer,
  type HashError,
  type HashOrder,
  type HashRequest,
} from './messages.ts'

/** An incremental hash. */
export interface Running {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

/** Starts a hash. There is one request at a time, so a hash may be used again for the next blob. */
export type Creators = { [Algorithm in keyof Digests]?: () => Promise<Running> }

/** How often the worker sends a heartbeat and checks for a cancellation, in ms. */
const PAUSE = 100

/**
 * Bytes to read as one stream. Only Chromium splits a stream into small chunks: Firefox makes chunks of
 * 256 MiB, and WebKit one of the whole file.
 */
const SLICE = 32 * 2 ** 20

/** A blob of at most so many bytes is read while the one before is hashed. */
const SMALL = 2 ** 20

/** The id of the current request; another number after it was cancelled. */
let current = 0
/** When the last message was sent. */
let said = 0

/**
 * Answers the requests of the page. It takes one at a time: the page queues the others.
 *
 * @param creators rejects if nothing can be computed here
 */
export function serve(creators: Promise<Creators>): void {
  const ready = creators.then(({ md5 }) => md5?.())
  ready.then(() => post({ id: 0, format: FORMAT }), fail(0))
  self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
    if ('stop' in data) {
      if (data.stop === current) current = 0
      return
    }
    current = data.id
    said = performance.now()
    hashAll(data, creators).then((results) => post({ id: data.id, results }), fail(data.id))
  }
}

async function hashAll(order: HashOrder, creators: Promise<Creators>): Promise<BlobResult[]> {
  const known = await creators
  const names = [...new Set(order.algorithms)].filter((name) => Object.hasOwn(known, name))
  const results: BlobResult[] = []
  let ahead: AsyncIterable<Uint8Array> | undefined
  for (const [index, blob] of order.blobs.entries()) {
    const chunks = ahead ?? readAhead(blob)
    const next = order.blobs[index + 1]
    ahead = next && readAhead(next)
    const running = await Promise.all(
      names.map(async (name) => {
        const create = known[name as keyof Digests] as () => Promise<Running>
        return { name, hash: await create() }
      }),
    )
    results.push(await hash(order.id, chunks, running))
  }
  return results
}

/** Computes all digests in one pass over the bytes. */
async function hash(
  id: number,
  chunks: AsyncIterable<Uint8Array>,
  running: { name: string; hash: Running }[],
): Promise<BlobResult> {
  try {
    for await (const bytes of chunks) {
      if (current !== id) throw new DOMException('The request was cancelled.', 'AbortError')
      for (const { hash } of running) hash.update(bytes)
      if (performance.now() - said < PAUSE) continue
      post({ id })
      // Messages to the worker wait while there is always something to read.
      await new Promise((resolve) => setTimeout(resolve))
      said = performance.now()
    }
  } catch (error) {
    const { name, message } = plain(error)
    if (name !== 'NotReadableError') throw error
    return { error: { name, message } }
  }
  const digests = running.map(({ name, hash }) => [name, toBase64(hash.digest())])
  return { digests: Object.fromEntries(digests) }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/**
 * Reads a blob, and begins at once if it is small. Not by `arrayBuffer()`: in WebKit that never ends for
 * a file that is gone.
 */
function readAhead(blob: Blob): AsyncIterable<Uint8Array> {
  const chunks = read(blob)
  if (blob.size > SMALL) return chunks
  const first = chunks.next()
  // The request may be cancelled before anything waits for it.
  first.catch(() => {})
  return follow(first, chunks)
}

async function* follow(
  first: Promise<IteratorResult<Uint8Array>>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { done, value } = await first
  if (done) return
  yield value
  yield* rest
}

/**
 * Reads a blob in chunks, of which few are in memory at a time.
 *
 * @throws DOMException `NotReadableError`, whatever name the browser gives it
 */
async function* read(blob: Blob): AsyncGenerator<Uint8Array> {
  const { size } = blob
  // A slice hides some changes: in Chromium that the file is gone, in Firefox that it grew.
  if (size <= SLICE) return yield* readStream(blob, size)
  for (let at = 0; at < size; at += SLICE) {
    yield* readStream(blob.slice(at, at + SLICE), Math.min(SLICE, size - at))
  }
}

async function* readStream(blob: Blob, size: number): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader()
  let left = size
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(unreadable)
      if (done) break
      left -= value.byteLength
      yield value
    }
  } finally {
    // Needed only where the loop ends early.
    reader.cancel().catch(() => {})
  }
  if (left !== 0) changed()
}

function changed(): never {
  return unreadable('The file has changed.')
}

function unreadable(reason: unknown): never {
  throw new DOMException(plain(reason).message, 'NotReadableError')
}

function post(answer: HashAnswer): void {
  self.postMessage(answer)
}

function fail(id: number): (error: unknown) => void {
  return (error) => {
    const { name, message } = plain(error)
    post({ id, error: { name, message } })
  }
}

function plain(error: unknown): HashError {
  return error instanceof Error ? error : new Error(String(error))
}
