/**
 * The entry of the worker that computes digests, built into a file of its own with the WebAssembly
 * inside. One request at a time: {@link Hasher} keeps the others.
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

/** Asks for the digests of a blob, or takes that back. An algorithm that is not known is left out. */
export type HashRequest = HashOrder | { stop: number }

interface HashOrder {
  id: number
  blob: Blob
  algorithms: string[]
}

/**
 * What the worker says. The first message, with the id 0, tells whether it can hash at all. With
 * neither digests nor an error it is a sign of life, that the file is being read.
 */
export interface HashAnswer {
  id: number
  digests?: Digests
  /**
   * An exception, as plain data: not every browser can send one. `NotReadableError` is a file that
   * cannot be read, `AbortError` a request that was taken back.
   */
  error?: { name: string; message: string }
}

/** After how long the worker gives a sign of life, and looks whether it should stop, in ms. */
const PAUSE = 100

/**
 * So many bytes are read as one stream. Only Chromium cuts a stream into small pieces by itself:
 * Firefox makes one of 256 MiB, and WebKit one of the whole file.
 */
const SLICE = 32 * 2 ** 20

/** The polynomials of CRC-32C and of CRC-64/NVME, in the reversed notation that hash-wasm takes. */
const CRC32C = 0x82f63b78
const CRC64_NVME = '9a6c9329ac4bc9b5'

/** What hashes bytes as they come. */
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

/** Four times slower, for pages whose policy forbids WebAssembly. */
const WITHOUT: Creators = {
  md5: async () => md5.create(),
  sha1: async () => sha1.create(),
  sha256: async () => sha256.create(),
}

const creators = mayCompile().then((may) => (may ? WITH_WEB_ASSEMBLY : WITHOUT))
/** The request in hand; another number where it was taken back. */
let current = 0

creators.then(({ md5 }) => md5?.()).then(() => say({ id: 0 }), fail(0))

self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  if ('stop' in data) {
    if (data.stop === current) current = 0
    return
  }
  current = data.id
  hash(data).then((digests) => say({ id: data.id, digests }), fail(data.id))
}

/** Made when first needed, and used again: there is one request at a time. */
function reused(create: () => Promise<IHasher>): () => Promise<Running> {
  let made: Promise<IHasher> | undefined
  return async () => {
    made ??= create()
    const hasher = (await made).init()
    return { update: (bytes) => hasher.update(bytes), digest: () => hasher.digest('binary') }
  }
}

/** All of them in one pass over the bytes. */
async function hash({ id, blob, algorithms }: HashOrder): Promise<Digests> {
  const running = await begin(algorithms)
  let said = performance.now()
  for await (const bytes of read(blob)) {
    if (current !== id) throw new DOMException('The request was taken back.', 'AbortError')
    for (const { hash } of running) hash.update(bytes)
    if (performance.now() - said < PAUSE) continue
    say({ id })
    // What is sent to a worker waits for as long as there is always something to read.
    await new Promise((resolve) => setTimeout(resolve))
    said = performance.now()
  }
  return Object.fromEntries(running.map(({ name, hash }) => [name, toBase64(hash.digest())]))
}

/** Leaves out what is not known here. */
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
 * Reads a blob piece by piece, of which few are in memory at a time.
 *
 * @throws DOMException `NotReadableError`, whatever the browser calls it
 */
async function* read(blob: Blob): AsyncGenerator<Uint8Array> {
  const { size } = blob
  // A file tells as a whole what its slices do not: in Chromium that it is gone, in Firefox that it grew.
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
    // For one that stops before the end; of the others there is nothing left to cancel.
    reader.cancel().catch(() => {})
  }
  if (left !== 0) unreadable('The file has changed.')
}

function unreadable(reason: unknown): never {
  const message = reason instanceof Error ? reason.message : String(reason)
  throw new DOMException(message, 'NotReadableError')
}

function say(answer: HashAnswer): void {
  self.postMessage(answer)
}

function fail(id: number): (error: unknown) => void {
  return (error) => {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    say({ id, error: { name, message } })
  }
}
