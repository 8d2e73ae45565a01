import type { SignedResponse, SignerRefusal } from '../../../src/protocol/index.ts'
import type { Fetch } from '../../../src/server/index.ts'
import type { SignerServer } from './signer-server.ts'

/** A file of 48,211 bytes, as the client describes it. */
export const FILE = { name: 'cat.jpg', size: 48_211, type: 'image/jpeg' }

/** Sends one request to a signer, as a user if one is named. */
export async function ask(
  signer: SignerServer,
  op: string,
  fields: object,
  user = 'ann',
): Promise<SignedResponse & SignerRefusal> {
  const [response] = await signer.call([{ id: '1', op, ...fields }], { headers: { user } })
  if (!response) throw new Error('There is no answer.')
  return response
}

/** Stores one part as a browser does, and returns what the bucket answers. */
export async function sendPart(
  signer: SignerServer,
  grant: string | undefined,
  partNumber: number,
  body: Uint8Array<ArrayBuffer>,
  md5?: string,
): Promise<Response> {
  const request = { grant, partNumber, size: body.length, ...(md5 === undefined ? {} : { md5 }) }
  const { url = '', method = '', headers = {}, error } = await ask(signer, 'part', request)
  if (error) throw new Error(error.message)
  return fetch(url, { method, headers, body: new Blob([body]) })
}

/** A request that reached a bucket which only exists in a test. */
export interface SeenRequest {
  method: string
  url: URL
  headers: Headers
  body: string
}

/** A bucket that answers as the test wants, and what it was asked. */
export function fakeBucket(answer: (request: SeenRequest) => Response | Promise<Response>): {
  fetch: Fetch
  seen: SeenRequest[]
} {
  const seen: SeenRequest[] = []
  return {
    seen,
    async fetch(url, { method = 'GET', headers, body }) {
      const request = { method, url: new URL(url), headers: new Headers(headers) }
      seen.push({ ...request, body: typeof body === 'string' ? body : '' })
      return answer(seen.at(-1) as SeenRequest)
    },
  }
}

/** The answer to CreateMultipartUpload. */
export function created(uploadId: string): Response {
  const xml = `<InitiateMultipartUploadResult><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`)
}

/** An answer that says what went wrong. */
export function failed(code: string, status: number): Response {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`
  return new Response(xml, { status })
}
