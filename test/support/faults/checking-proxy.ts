/**
 * Makes of a gateway that ignores `x-amz-checksum-…` one that knows them, as Amazon S3 does: it
 * refuses a body with a wrong one, lists those of the parts, and puts no parts together without them.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** A PUT that came, or a form. */
export interface CheckedPut {
  /** Names of the headers, or fields, that say what the body should be, in alphabetical order. */
  checks: string[]
  /** Whether the checksum among them was right; the MD5 is for the gateway to check. */
  passed: boolean
}

/** A proxy that the caller has to stop. */
export interface CheckingProxy {
  /** Sign URLs for it: a signature covers the host. */
  origin: string
  /** What came, oldest first. */
  readonly puts: CheckedPut[]
  /** Changes a byte of so many of the next ones, as a bad line might. */
  damage(count: number): void
  stop(): void
}

const HEADER = 'x-amz-checksum-sha256'

/**
 * @param target the gateway, for instance `http://127.0.0.1:7480`; it is handed the `Host` that came
 * @param encrypted the ETags of parts are no MD5, as with encryption by KMS, but look like one
 */
export async function startCheckingProxy(
  target: string,
  { encrypted = false } = {},
): Promise<CheckingProxy> {
  const puts: CheckedPut[] = []
  const parts = new PartChecksums(encrypted)
  let toDamage = 0
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, headers, url = '/' } = request
    let body = Buffer.concat(await request.toArray())
    const isForm = /^multipart/.test(headers['content-type'] ?? '')
    if (method === 'PUT' || isForm) {
      if (toDamage > 0 && body.length > 0) {
        toDamage -= 1
        // The file is the last in a form.
        const at = isForm ? body.lastIndexOf('\r\n--') - 1 : 0
        body[at] = (body[at] ?? 0) ^ 1
      }
      const put = isForm ? await checkForm(headers, body) : check(headers, body)
      puts.push(put)
      if (!put.passed) return refuse(response, 'BadDigest')
      parts.note(url, body)
    } else if (method === 'POST' && body.length > 0) {
      const known = parts.read(url, String(body))
      if (known === undefined) return refuse(response, 'InvalidPart')
      body = Buffer.from(known)
      headers['content-length'] = String(body.length)
    }
    const upstream = forward(new URL(url, target), {
      ...{ method: method ?? 'GET', headers, agent: false, setHost: false },
    })
    upstream.on('error', () => response.destroy())
    upstream.on('response', (from) => void handOn(from, response, (xml) => parts.list(url, xml)))
    upstream.end(body)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    puts,
    damage: (count) => {
      toDamage = count
    },
    stop: () => void server.close().closeAllConnections(),
  }
}

/** What the gateway cannot keep: the checksum of each part. */
class PartChecksums {
  readonly #values = new Map<string, string>()
  readonly #encrypted: boolean

  constructor(encrypted: boolean) {
    this.#encrypted = encrypted
  }

  note(url: string, body: Buffer): void {
    this.#values.set(nameOf(url), sha256(body))
  }

  /** Adds the checksums to a list of parts, and escapes the quotes of ETags as MinIO and Storj do. */
  list(url: string, xml: string): string {
    const withChecksums = xml.replace(/<Part>.*?<\/Part>/gs, (part) => {
      const value = this.#values.get(nameOf(url, numberOf(part)))
      const shown = this.#encrypted ? reverseEtag(part) : part
      if (part.includes('<ChecksumSHA256>')) return shown
      return shown.replace('</Part>', `<ChecksumSHA256>${value}</ChecksumSHA256></Part>`)
    })
    return withChecksums.replaceAll('&quot;', '&#34;')
  }

  /** What the gateway takes to put parts together; nothing if a checksum is missing or wrong. */
  read(url: string, xml: string): string | undefined {
    const parts = xml.match(/<Part>.*?<\/Part>/gs) ?? []
    const isRight = parts.every((part) => {
      const named = /<ChecksumSHA256>(.*?)<\/ChecksumSHA256>/.exec(part)?.[1]
      return named === this.#values.get(nameOf(url, numberOf(part)))
    })
    if (!isRight) return undefined
    // A gateway that does not know checksums does not mind them here.
    return this.#encrypted ? xml.replace(/<Part>.*?<\/Part>/gs, reverseEtag) : xml
  }
}

/** Of one part of one upload. */
function nameOf(url: string, number?: string): string {
  const { pathname, searchParams } = new URL(url, 'http://proxy')
  return `${pathname} ${searchParams.get('uploadId')} ${number ?? searchParams.get('partNumber')}`
}

function numberOf(part: string): string {
  return /<PartNumber>(\d+)</.exec(part)?.[1] ?? ''
}

/** Its digits in the other order: done twice, it is what it was. */
function reverseEtag(part: string): string {
  return part.replace(/[0-9a-f]{32}/, (etag) => [...etag].reverse().join(''))
}

function check(headers: IncomingMessage['headers'], body: Buffer): CheckedPut {
  const checks = Object.keys(headers).filter((name) => name === 'content-md5' || name === HEADER)
  const value = headers[HEADER]
  return { checks: checks.sort(), passed: value === undefined || value === sha256(body) }
}

async function checkForm(headers: IncomingMessage['headers'], body: Buffer): Promise<CheckedPut> {
  const type = { 'Content-Type': headers['content-type'] ?? '' }
  const form = await new Response(new Uint8Array(body), { headers: type }).formData()
  const file = Buffer.from(await (form.get('file') as File).arrayBuffer())
  const value = form.get(HEADER)
  return {
    checks: value === null ? [] : [HEADER],
    passed: value === null || value === sha256(file),
  }
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64')
}

async function handOn(
  answer: IncomingMessage,
  response: ServerResponse,
  edit: (xml: string) => string,
): Promise<void> {
  const headers: OutgoingHttpHeaders = { ...answer.headers }
  const isList = /xml/.test(answer.headers['content-type'] ?? '')
  if (isList) delete headers['content-length']
  response.writeHead(answer.statusCode ?? 502, headers)
  if (!isList) return void answer.pipe(response)
  response.end(edit(String(Buffer.concat(await answer.toArray().catch(() => [])))))
}

function refuse(response: ServerResponse, code: string): void {
  const headers = { 'Content-Type': 'application/xml', 'Access-Control-Allow-Origin': '*' }
  response.writeHead(400, headers)
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message></Message></Error>`)
}
