/**
 * The entry of the hash worker, built into a separate file that contains the WebAssembly. It takes one
 * request at a time: {@link Hasher} queues the others.
 *
 * @module
 */
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import {
  createCRC32,
  createCRC64,
  createMD5,
  createSHA1,
  createSHA256,
  type IHasher,
} from 'hash-wasm'
import type { Digests } from '../../protocol/index.ts'
import { mayCompile } from './web-assembly.ts'

/** Requests the digests of a blob, or cancels a request. Unknown algorithms are left out. */
export type HashRequest = HashOrder | { stop: number }

interface HashOrder {
  id: number
  blob: Blob
  algorithms: string[]
}

/**
 * A message of the worker. The first one, with the id 0, tells whether it can hash at all. One with
 * neither digests nor an error is a heartbeat: the file is being read.
 */
export interface HashAnswer {
  id: number
  digests?: Digests
  /**
   * An exception as plain data, since not every browser can send one. `NotReadableError` means that the
   * file cannot be read, `AbortError` that the request was cancelled.
   */
  error?: { name: string; message: string }
}

/** How often the worker sends a heartbeat and checks for a cancellation, in ms. */
const PAUSE = 100

/**
 * Bytes to read as one stream. Only Chromium splits a stream into small chunks: Firefox makes chunks of
 * 256 MiB, and WebKit one of the whole file.
 */
const SLICE = 32 * 2 ** 20

/** The polynomials of CRC-32C and of CRC-64/NVME, in the reversed notation that hash-wasm takes. */
const CRC32C = 0x82f63b78
const CRC64_NVME = '9a6c9329ac4bc9b5'

/** An incremental hash. */
interface Running {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

type Creators = { [Algorithm in keyof Digests]?: () => Promise<Running> }

const WITH_WEB_ASSEMBLY: Creators = {
  md5: reused(createMD5),
  crc32: reused(() => createCRC32()),
  crc32c: reused(() => createCRC32(CRC32C)),
  crc64nvme: reused(() => createCRC64(CRC64_NVME)),
  sha1: reused(createSHA1),
  sha256: reused(createSHA256),
}

/** Four times slower, for pages whose Content-Security-Policy forbids WebAssembly. */
const WITHOUT: Creators = {
  md5: async () => md5.create(),
  sha1: async () => sha1.create(),
  sha256: async () => sha256.create(),
}

const creators = mayCompile().then((may) => (may ? WITH_WEB_ASSEMBLY : WITHOUT))
/** The id of the current request; another number after it was cancelled. */
let current = 0

creators.then(({ md5 }) => md5?.()).then(() => post({ id: 0 }), fail(0))

self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  if ('stop' in data) {
    if (data.stop === current) current = 0
    return
  }
  current = data.id
  hash(data).then((digests) => post({ id: data.id, digests }), fail(data.id))
}

/** Creates the hash on first use and reuses it: there is one request at a time. */
function reused(create: () => Promise<IHasher>): () => Promise<Running> {
  let made: Promise<IHasher> | undefined
  return async () => {
    made ??= create()
    const hasher = (await made).init()
    return { update: (bytes) => hasher.update(bytes), digest: () => hasher.digest('binary') }
  }
}

/** Computes all digests in one pass over the bytes. */
async function hash({ id, blob, algorithms }: HashOrder): Promise<Digests> {
  const running = await begin(algorithms)
  let said = performance.now()
  for await (const bytes of read(blob)) {
    if (current !== id) throw new DOMException('The request was cancelled.', 'AbortError')
    for (const { hash } of running) hash.update(bytes)
    if (performance.now() - said < PAUSE) continue
    post({ id })
    // Messages to the worker wait while there is always something to read.
    await new Promise((resolve) => setTimeout(resolve))
    said = performance.now()
  }
  return Object.fromEntries(running.map(({ name, hash }) => [name, toBase64(hash.digest())]))
}

/** Leaves out unknown algorithms. */
async function begin(algorithms: string[]): Promise<{ name: string; hash: Running }[]> {
  const known = await creators
  const names = [...new Set(algorithms)].filter((name) => Object.hasOwn(known, name))
  return Promise.all(
    names.map(async (name) => {
      const create = known[name as keyof Digests] as () => Promise<Running>
      return { name, hash: await create() }
    }),
  )
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
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
  if (left !== 0) unreadable('The file has changed.')
}

function unreadable(reason: unknown): never {
  const message = reason instanceof Error ? reason.message : String(reason)
  throw new DOMException(message, 'NotReadableError')
}

function post(answer: HashAnswer): void {
  self.postMessage(answer)
}

function fail(id: number): (error: unknown) => void {
  return (error) => {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    post({ id, error: { name, message } })
  }
}
