/**
 * Runs a Fetch handler, such as a signer, in `http.createServer` or Express.
 *
 * @module
 */

/** The part of Node's `IncomingMessage` that is used here. Described, so that Node's types aren't needed. */
export interface NodeRequest {
  method?: string | undefined
  url?: string | undefined
  /** Express keeps the full path here, and strips the mount path from `url`. */
  originalUrl?: string | undefined
  /** What a body parser such as `express.json()` made of the body. */
  body?: unknown
  headers: Record<string, string | string[] | undefined>
  socket: object
  readableEnded: boolean
  /** Whether other code has read from the body. Not every framework tells. */
  readableDidRead?: boolean | undefined
  /** True where other code listens to the body, or has drained it. */
  readableFlowing?: boolean | null | undefined
  on(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown
  on(event: 'end', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  pause(): unknown
  resume(): unknown
}

/** The part of Node's `ServerResponse` that is used here. */
export interface NodeResponse {
  statusCode: number
  readonly writableFinished: boolean
  readonly destroyed: boolean
  setHeader(name: string, value: string | string[]): unknown
  end(body?: Uint8Array): unknown
  on(event: 'close', listener: () => void): unknown
}

const BODY_TAKEN =
  'The body was read before nodeListener got it. Mount nodeListener first, or set request.body.'

const encoder = new TextEncoder()

/** A function that answers a Fetch request. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/**
 * Adapts a Fetch handler to Node's `(request, response)`.
 *
 * The request's URL is built from its `Host` header. Its body is streamed, so the handler decides how
 * much of it is read, and its signal aborts when the client goes away. A handler that throws is
 * answered with 500 and no details, and so is a body that other code has read and not left in
 * `request.body`.
 *
 * @example http.createServer(nodeListener(signer)).listen(3000)
 * @example app.all('/sign', nodeListener(signer))
 */
export function nodeListener(
  handler: FetchHandler,
): (request: NodeRequest, response: NodeResponse) => void {
  return (request, response) => {
    const gone = new AbortController()
    response.on('close', () => {
      if (!response.writableFinished) gone.abort()
    })
    // Too late for the event: the client left while something before this took its time.
    if (response.destroyed) gone.abort()
    respond(handler, request, response, gone.signal)
      .catch(() => fail(500, 'internal-error', 'The server failed. Try again later.'))
      .then((answer) => send(answer, response))
      // The client has gone while the answer was read, so there is no one to answer.
      .catch(() => response.end())
  }
}

async function respond(
  handler: FetchHandler,
  request: NodeRequest,
  response: NodeResponse,
  signal: AbortSignal,
): Promise<Response> {
  const url = readUrl(request)
  if (!url) return fail(400, 'bad-request', 'The Host header or the path is not valid.')
  const method = request.method ?? 'GET'
  if (NO_REQUEST.test(method)) {
    const refusal = fail(405, 'bad-request', 'Send a POST request.')
    refusal.headers.set('Allow', 'POST, OPTIONS')
    return refusal
  }
  const headers = readHeaders(request)
  const init: RequestInit & { duplex?: 'half' } = { method, headers, signal }
  if (method !== 'GET' && method !== 'HEAD') {
    const body = readBody(request, response, headers)
    if (body === undefined) return fail(500, 'internal-error', BODY_TAKEN)
    init.body = body
    // Asked for by the Fetch standard for a body that is a stream.
    init.duplex = 'half'
  }
  return handler(new Request(url, init))
}

function readUrl(request: NodeRequest): URL | undefined {
  const host = String(request.headers.host ?? request.headers[':authority'] ?? 'localhost')
  const path = request.originalUrl ?? request.url ?? '/'
  // Joined as text: resolved against a base, the path "//other.example" would replace the host.
  const text = `${'encrypted' in request.socket ? 'https' : 'http'}://${host}${path}`
  const isPlain = /^[\w.:[\]-]+$/.test(host) && path.startsWith('/')
  return isPlain && URL.canParse(text) ? new URL(text) : undefined
}

function readHeaders(request: NodeRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    // HTTP/2 lists its pseudo-headers with the others.
    if (value === undefined || name.startsWith(':')) continue
    for (const each of [value].flat()) headers.append(name, each)
  }
  return headers
}

/** Undefined if other code has read it, and kept it. */
function readBody(
  request: NodeRequest,
  response: NodeResponse,
  headers: Headers,
): BodyInit | undefined {
  const { readableEnded, readableDidRead = readableEnded } = request
  if (!readableEnded && !readableDidRead) return streamBody(request, response)
  // It was empty. Its end has been told already, and would never come.
  if (!readableDidRead) return ''
  // A body parser was faster. What it read is written again, so its old length no longer counts.
  headers.delete('Content-Length')
  const { body } = request
  if (typeof body === 'string' || body === undefined) return body
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body)
}

function streamBody(request: NodeRequest, response: NodeResponse): ReadableStream<Uint8Array> {
  let started = false
  let open = true
  // Without a pause, other code that drains the body would have it before the handler asks.
  if (request.readableFlowing) request.pause()
  // Read and dropped, what is left: an answer sent while the client still writes would be lost with
  // the connection, and one that stays open could not be used again. Node's requestTimeout bounds it.
  const drain = () => {
    open = false
    request.resume()
  }
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    started = true
    const finish = (action: () => void) => {
      if (open) action()
      open = false
    }
    request.on('data', (chunk) => {
      if (!open) return
      // A text after `request.setEncoding`.
      controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : new Uint8Array(chunk))
      request.pause()
    })
    request.on('end', () => finish(() => controller.close()))
    request.on('error', (error) => finish(() => controller.error(error)))
    response.on('close', () => {
      finish(() => controller.error(new Error('The client has gone.')))
      drain()
    })
    if (response.destroyed) finish(() => controller.error(new Error('The client has gone.')))
  }
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (!started) start(controller)
    request.resume()
  }
  // With no room to fill, nothing is read before the handler asks: Node drops an untouched body.
  return new ReadableStream<Uint8Array>({ pull, cancel: drain }, { highWaterMark: 0 })
}

async function send(answer: Response, response: NodeResponse): Promise<void> {
  const body = new Uint8Array(await answer.arrayBuffer())
  if (response.destroyed) return
  response.statusCode = answer.status
  answer.headers.forEach((value, name) => {
    if (name !== 'set-cookie') response.setHeader(name, value)
  })
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  response.end(body)
}

/**
 * Methods of which there is no `Request`.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-method
 */
const NO_REQUEST = /^(?:CONNECT|TRACE|TRACK)$/i

function fail(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status })
}
