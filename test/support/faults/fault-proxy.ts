/** An HTTP proxy between a browser and a server that lets requests go wrong. */
import { once } from 'node:events'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../random.ts'
import { answerWith } from './fault-answers.ts'
import type { ChooseFault, Fault } from './faults.ts'

/** Between whom the proxy is, and what it does. */
export interface FaultProxyOptions {
  /** The server, for instance `http://127.0.0.1:7480`. It is handed the `Host` that the client sent. */
  target: string
  /** What goes wrong; see `seededFaults`. */
  choose: ChooseFault
  /** Whether requests without `Origin` go wrong too, as those of the command line. */
  everything?: boolean
  /** Seeds where in a body or an answer a fault happens. */
  seed?: number
}

/** A proxy that the caller has to stop. */
export interface FaultProxy {
  /** For instance `http://127.0.0.1:41234`. Sign URLs for it: a signature covers the host. */
  origin: string
  /** How many requests there were. */
  readonly requests: number
  /** How often each fault happened; those that never did are missing. */
  readonly counts: Partial<Record<Fault, number>>
  stop(): void
}

/** Longest `delay`, in ms. */
const LONGEST_DELAY = 2_000
/** Sent on one connection only, or set anew by Node. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding']

/** Only what a page sends goes wrong: a request without `Origin` comes from a server, and passes. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, choose, everything = false, seed = 1 } = options
  const random = seededRandom(seed)
  const counts: Partial<Record<Fault, number>> = {}
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    const { method = '', url = '' } = request
    const isMeant = everything || request.headers.origin !== undefined
    const fault = isMeant ? choose({ count: requests, method, url }) : undefined
    if (fault !== undefined) counts[fault] = (counts[fault] ?? 0) + 1
    const exchange = new Exchange(target, request, response, random())
    exchange.run(fault).catch(() => request.socket.destroy())
  })
  // A stall lasts until the client gives up.
  server.requestTimeout = 0
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    get requests() {
      return requests
    },
    counts,
    stop: () => void server.close().closeAllConnections(),
  }
}

/** One request and its answer. */
class Exchange {
  readonly #target: string
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  /** Where the fault happens: 0 is the beginning, 1 the end. */
  readonly #point: number

  constructor(target: string, request: IncomingMessage, response: ServerResponse, point: number) {
    this.#target = target
    this.#request = request
    this.#response = response
    this.#point = point
    // The client may go away at any time, and that is no failure of the proxy.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
  }

  async run(fault: Fault | undefined): Promise<void> {
    if (fault === undefined) return this.#pass()
    if (fault === 'reset-before') return this.#reset()
    if (fault === 'reset-during') return this.#resetWithin()
    if (fault === 'jam') return this.#jam()
    if (fault === 'delay') return this.#passLater()
    if (fault === 'reset-after') return this.#passAll().then(() => this.#reset())
    if (fault === 'mute') return this.#passAll().then(() => undefined)
    if (fault === 'truncate') return this.#passAll().then((answer) => this.#sendStartOf(answer))
    await this.#drain()
    answerWith(fault, this.#response)
  }

  async #pass(): Promise<void> {
    const answer = await this.#forward()
    this.#response.writeHead(answer.statusCode ?? 502, passedOn(answer))
    answer.pipe(this.#response)
    answer.on('error', () => this.#reset())
  }

  async #passLater(): Promise<void> {
    await wait(this.#point * LONGEST_DELAY)
    return this.#pass()
  }

  /** Hands the request on, and keeps the answer: as it would be sent. */
  async #passAll(): Promise<Buffer> {
    const answer = await this.#forward()
    const body = Buffer.concat(await answer.toArray())
    const lines = Object.entries(passedOn(answer)).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join('')}\r\n`
    return Buffer.concat([Buffer.from(head), body])
  }

  #forward(): Promise<IncomingMessage> {
    const { method, url } = this.#request
    const upstream = forward(new URL(url ?? '/', this.#target), {
      method: method ?? 'GET',
      headers: passedOn(this.#request),
      agent: false,
      setHost: false,
    })
    // What the client did not finish must not be finished for it.
    this.#request.on('close', () => void (this.#request.complete || upstream.destroy()))
    this.#request.pipe(upstream)
    return new Promise((resolve, reject) => {
      upstream.on('error', reject).once('response', resolve)
    })
  }

  /** Hands on what came before the point, as a server that breaks down would have read it. */
  async #resetWithin(): Promise<void> {
    const broken = this.#forward().catch(() => undefined)
    await this.#readUntil(this.#point)
    this.#reset()
    await broken
  }

  async #jam(): Promise<void> {
    await this.#readUntil(this.#point)
    this.#request.unpipe()
    this.#request.pause()
  }

  /** Resolves when so much of the body was read, or it ended. */
  #readUntil(share: number): Promise<void> {
    const wanted = share * Number(this.#request.headers['content-length'] ?? 0)
    let read = 0
    return new Promise((resolve) => {
      this.#request.on('data', (chunk) => {
        read += chunk.length
        if (read >= wanted) resolve()
      })
      this.#request.once('close', resolve).once('end', resolve)
    })
  }

  #drain(): Promise<void> {
    this.#request.resume()
    return new Promise((resolve, reject) => {
      this.#request.once('end', resolve)
      this.#request.once('close', () => reject(new Error('The client has gone.')))
    })
  }

  #sendStartOf(answer: Buffer): void {
    const length = Math.max(1, Math.floor(this.#point * answer.length))
    this.#request.socket.end(answer.subarray(0, length))
  }

  #reset(): void {
    this.#request.socket.resetAndDestroy()
  }
}

/** What is passed on of the headers, in either direction. */
function passedOn(message: IncomingMessage): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...message.headers }
  for (const name of OF_THE_CONNECTION) delete headers[name]
  return headers
}
