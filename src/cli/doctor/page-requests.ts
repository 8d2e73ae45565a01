/** What a page sends: it asks a signer, and sends what it is told. */
import type { Bucket } from '../../server/index.ts'
import type { Answer } from '../bucket/bucket-errors.ts'
import { ownSigner } from '../bucket/local-signer.ts'
import { CONTENT, untilAnswered } from './check.ts'

const FILE = { name: 'doctor.txt', type: 'text/plain' }

/** What is sent, and the headers that are added without being signed. */
export interface PageRequest {
  key: string
  body: string
  added?: Record<string, string>
}

/** Stores an object by a presigned PUT. */
export async function putAsPage(bucket: Bucket, request: PageRequest): Promise<Answer> {
  const { key, body, added = {} } = request
  const file = { ...FILE, size: body.length }
  const { url = '', headers = {} } = await ownSigner(bucket, key).ask({ op: 'put', file })
  return send(url, { ...headers, ...added }, body)
}

/** The headers that a page sends with a PUT, in lower case. */
export async function pageHeaders(bucket: Bucket, key: string): Promise<string[]> {
  const file = { ...FILE, size: CONTENT.length }
  const { headers = {} } = await ownSigner(bucket, key).ask({ op: 'put', file, md5: NO_MD5 })
  return Object.keys(headers).map((name) => name.toLowerCase())
}

/** Of nothing; in base64. */
const NO_MD5 = '1B2M2Y8AsgTpgAmY7PhCfg=='

/** Stores a part without a byte, and throws the upload away again. */
export async function partAsPage(
  bucket: Bucket,
  key: string,
  added: Record<string, string>,
): Promise<Answer> {
  const { ask } = ownSigner(bucket, key)
  const { grant } = await ask({ op: 'create', file: { ...FILE, size: 0 } })
  try {
    const { url = '', headers = {} } = await ask({ op: 'part', grant, partNumber: 1, size: 0 })
    return await send(url, { ...headers, ...added }, '')
  } finally {
    await ask({ op: 'abort', grant })
  }
}

async function send(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  const init = { method: 'PUT', headers, body, redirect: 'manual' } as const
  const answer = await fetch(url, { ...init, signal: untilAnswered() })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}
