/**
 * Requests whose body is a file, or becomes one. `fetch` does not tell how far an upload has
 * come, and would send it in chunks, which S3 does not take.
 */
import { createReadStream } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Answer } from '../bucket/bucket-errors.ts'

/** Milliseconds without a byte after which a connection counts as dead. */
const STALL = 60_000

/** Bytes of an error that are read. */
const MAX_ERROR = 65_536

/** The file cannot be read, or not as far as it was long. */
export class FileError extends Error {
  override name = 'FileError'
}

/** A part of a file: `length` bytes from `start` on. */
export interface FileSlice {
  path: string
  start: number
  length: number
}

/** What is sent. */
export interface Transfer {
  method: 'GET' | 'PUT'
  headers?: Record<string, string>
  /** The body. */
  slice?: FileSlice
  /** The body, where it is at hand. */
  body?: Uint8Array
  /** Called with each piece of the body that is on its way, in bytes. */
  onBytes?: (bytes: number) => void
  signal: AbortSignal
}

/**
 * Begins a request, and resolves when its answer begins.
 *
 * @throws an error of Node.js when there is none
 */
export function open(url: string, transfer: Transfer): Promise<IncomingMessage> {
  const { method, headers = {}, slice, body: atHand, onBytes, signal } = transfer
  const request = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const size = slice?.length ?? atHand?.length
    const length = size === undefined ? {} : { 'Content-Length': size }
    const outgoing = request(url, { method, headers: { ...headers, ...length }, signal })
    outgoing.setTimeout(STALL, () => outgoing.destroy(stalled()))
    outgoing.on('error', reject)
    const body = slice && slice.length > 0 ? readSlice(slice) : undefined
    outgoing.on('response', (answer) => {
      // An answer that comes before the end of the body is a refusal: the rest is not needed.
      body?.unpipe(outgoing)
      body?.destroy()
      resolve(answer)
    })
    if (!body) return void outgoing.end(atHand)
    let sent = 0
    body.on('data', (chunk) => {
      sent += chunk.length
      onBytes?.(chunk.length)
    })
    body.on('error', (error) => outgoing.destroy(new FileError(error.message)))
    body.on('end', () => {
      // The server would wait for the rest.
      if (sent === slice?.length) outgoing.end()
      else outgoing.destroy(new FileError('The file has become shorter.'))
    })
    body.pipe(outgoing, { end: false })
  })
}

/** Sends a request, and reads its answer to the end. */
export async function send(url: string, transfer: Transfer): Promise<Answer> {
  return readAnswer(await open(url, transfer))
}

/** Reads a short answer. */
export async function readAnswer(answer: IncomingMessage): Promise<Answer> {
  let body = ''
  answer.setEncoding('utf8')
  try {
    for await (const chunk of answer) {
      if (body.length < MAX_ERROR) body += chunk
    }
  } catch (error) {
    // A server that hangs up in the middle of a refusal has said enough.
    if (answer.statusCode === undefined || answer.statusCode < 300) throw error
  }
  return { status: answer.statusCode ?? 0, headers: headersOf(answer), body }
}

/** The headers of an answer, as `fetch` has them. */
export function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  return headers
}

/** Reads a part of a file, piece by piece. */
export function readSlice({ path, start, length }: FileSlice) {
  return createReadStream(path, { start, end: start + length - 1, highWaterMark: 262_144 })
}

function stalled(): Error {
  return Object.assign(new Error('nothing moved'), { code: 'ETIMEDOUT' })
}
