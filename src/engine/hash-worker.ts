/**
 * The entry of the worker that computes MD5, built into a file of its own with the WebAssembly
 * inside. One request at a time: {@link Hasher} keeps the others.
 *
 * @module
 */
import { createMD5 } from 'hash-wasm'

/** Asks for the MD5 of a blob, or takes that back. */
export type HashRequest = { id: number; blob: Blob } | { stop: number }

/**
 * What the worker says. The first message, with the id 0, tells whether it can hash at all. With
 * neither an MD5 nor an error it is a sign of life, that the file is being read.
 */
export interface HashAnswer {
  id: number
  /** In base64, as Content-MD5 has it. */
  md5?: string
  /**
   * An exception, as plain data: not every browser can send one. `NotReadableError` is a file that
   * cannot be read, `AbortError` a request that was taken back.
   */
  error?: { name: string; message: string }
}

/** After how long the worker gives a sign of life, and looks whether it should stop, in ms. */
const PAUSE = 100

const hasher = createMD5()
/** The request in hand; another number where it was taken back. */
let current = 0

hasher.then(() => say({ id: 0 }), fail(0))

self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  if ('stop' in data) {
    if (data.stop === current) current = 0
    return
  }
  current = data.id
  hash(data.blob, data.id).then((md5) => say({ id: data.id, md5 }), fail(data.id))
}

async function hash(blob: Blob, id: number): Promise<string> {
  const md5 = (await hasher).init()
  let said = performance.now()
  for await (const bytes of read(blob)) {
    if (current !== id) throw new DOMException('The request was taken back.', 'AbortError')
    md5.update(bytes)
    if (performance.now() - said < PAUSE) continue
    say({ id })
    // What is sent to a worker waits for as long as there is always something to read.
    await new Promise((resolve) => setTimeout(resolve))
    said = performance.now()
  }
  return btoa(String.fromCharCode(...md5.digest('binary')))
}

/**
 * Reads a blob piece by piece, of which few are in memory at a time.
 *
 * @throws DOMException `NotReadableError`, whatever the browser calls it
 */
async function* read(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader()
  let left = blob.size
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
