/**
 * Signers that do one thing wrong, each another, and all else right: ours, with one thing changed.
 * For the tests of `bucket-upload conformance`.
 */

import type { FetchHandler } from '../../../src/server/http/node.ts'
import { type Bucket, createSigner, presign, SignerError } from '../../../src/server/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever a client may send
type Fields = Record<string, any>
type Change = (bucket: Bucket) => FetchHandler

/** What the caller of every wrong signer must send as `Authorization`. */
export const PASSWORD = 'Bearer wrong-signers'

const authorize = (request: Request) => request.headers.get('Authorization') === PASSWORD && {}

/** Ours, which can be given other requests than it got, and whose answers can be changed. */
function changed(
  {
    ask = (request) => request,
    answer = (response) => response,
  }: {
    ask?: (request: Fields) => Fields
    answer?: (response: Fields, request: Fields, bucket: Bucket) => Fields | Promise<Fields>
  },
  config: object = {},
): Change {
  return (bucket) => {
    const signer = createSigner({ bucket, authorize, ...config })
    return async (request) => {
      const body = await request
        .clone()
        .json()
        .catch(() => undefined)
      const requests: unknown = body?.requests
      const list =
        Array.isArray(requests) &&
        requests.every((it) => it && !Array.isArray(it) && typeof it === 'object')
      if (!list) return signer(request)
      const { headers, method, url } = request
      const sent = JSON.stringify({ ...body, requests: (requests as Fields[]).map(ask) })
      const reply = await signer(new Request(url, { method, headers, body: sent }))
      if (!reply.ok) return reply
      const { responses, ...rest } = (await reply.json()) as { responses: Fields[] }
      const made = responses.map((each, index) => answer(each, requests[index], bucket))
      return Response.json({ ...rest, responses: await Promise.all(made) })
    }
  }
}

/** Signs a `put` anew, with something else than was right. */
function resigned(choose: (request: Fields, response: Fields) => Fields): Change {
  return changed({
    async answer(response, request, bucket) {
      if (request.op !== 'put' || request.grant || response.error) return response
      const { key = response.key, headers, expiresIn = 900 } = choose(request, response)
      const right = { 'Content-Type': request.file.type, 'Content-Length': `${request.file.size}` }
      const signed = { method: 'PUT', key, headers: headers ?? right, expiresIn } as const
      return { ...response, ...(await presign(bucket, { ...signed, now: new Date() })), key }
    },
  })
}

/** Grants that anybody can write, as ours are read from them. */
function openGrants(bucket: Bucket): FetchHandler {
  const known = new Map<string, string>()
  return changed({
    ask: (request) => {
      const key = String(request.grant ?? '')
      const any = [...known.values()].at(-1)
      return request.grant === undefined ? request : { ...request, grant: known.get(key) ?? any }
    },
    answer: (response) => {
      if (typeof response.grant === 'string') known.set(response.grant, response.grant)
      return response
    },
  })(bucket)
}

/** Each by the id of the rule that it breaks. */
export const WRONG_SIGNERS: Record<string, Change> = {
  'client-expiry': resigned(({ expiresIn }) => ({ expiresIn })),
  'client-key': resigned(({ key }) => ({ key })),
  'new-key': changed({}, { key: ({ name }: { name: string }) => name }),
  names: (bucket) => {
    const inner = changed({
      answer(response, { op, file }) {
        if (op !== 'put' || response.error || !file.name.includes('..')) return response
        const url = new URL(response.url)
        return { ...response, url: `${url.origin}/photos/${file.name}${url.search}` }
      },
    })
    return inner(bucket)
  },
  'size-limit': changed({
    ask: (request) =>
      request.op === 'put' && request.file?.size > 5e9
        ? { ...request, file: { ...request.file, size: 5e9 } }
        : request,
  }),
  'size-bound': resigned(({ file }) => ({ headers: { 'Content-Type': file.type } })),
  'type-bound': resigned(({ file }) => ({ headers: { 'Content-Length': `${file.size}` } })),
  types: changed({
    ask: (request) => {
      const { op, file } = request
      if (op !== 'put' || typeof file?.size !== 'string') return request
      return { ...request, file: { ...file, size: Number(file.size) } }
    },
  }),
  forged: openGrants,
  replay: changed({
    async answer(response, { op, key, partNumber, uploadId }, bucket) {
      if (op !== 'part' || response.error || key === undefined) return response
      const query = { partNumber: `${partNumber}`, uploadId }
      const headers = { 'Content-Length': '1' }
      const signed = { method: 'PUT', key, query, headers, expiresIn: 900 } as const
      return { ...response, ...(await presign(bucket, { ...signed, now: new Date() })) }
    },
  }),
  caller: changed(
    {},
    {
      authorize: (request: Request) =>
        /^$|wrong/.test(request.headers.get('Authorization') ?? '') && {},
    },
  ),
  'wrong-caller': changed(
    {},
    { authorize: (request: Request) => request.headers.has('Authorization') && {} },
  ),
  'link-foreign': changed({
    async answer(response, { op, key, grant }, bucket) {
      if (op !== 'link' || grant !== undefined || !response.error || !/^\w/.test(key ?? ''))
        return response
      const signed = { method: 'GET', key, expiresIn: 900, now: new Date() } as const
      return { id: response.id, downloadUrl: (await presign(bucket, signed)).url }
    },
  }),
  receipt: changed({
    answer: (response, { op, grant }) =>
      op === 'link' && grant && !response.error
        ? { ...response, receipt: 'v1.e30.AAAA' }
        : response,
  }),
  discard: changed({
    answer: (response, { op }) => (op === 'discard' ? { id: response.id } : response),
  }),
  'link-expiry': changed({
    async answer(response, { op, expiresIn = 3600 }, bucket) {
      if (op !== 'link' || response.error) return response
      const seconds = Math.min(expiresIn, 604_800)
      const signed = {
        method: 'GET',
        key: response.key,
        expiresIn: seconds,
        now: new Date(),
      } as const
      return { ...response, downloadUrl: (await presign(bucket, signed)).url }
    },
  }),
  delete: changed({
    answer: (response, { op }) => (op === 'delete' ? { id: response.id } : response),
  }),
  leaks: (bucket) => {
    const signer = createSigner({ bucket, authorize })
    return async (request) => {
      const reply = await signer(request)
      if (reply.status !== 400) return reply
      const message = `${new Error('No.').stack}`
      return Response.json({ error: { code: 'bad-request', message } }, { status: 400 })
    }
  },
  version: (bucket) => {
    const signer = createSigner({ bucket, authorize })
    return async (request) => {
      const text = await request.clone().text()
      const body = text.replace('"version":2', '"version":1')
      const { headers, method, url } = request
      return method === 'POST'
        ? signer(new Request(url, { method, headers, body }))
        : signer(request)
    }
  },
  'unknown-op': changed({
    answer: (response, { op }) => {
      const other = !['put', 'create', 'part', 'parts', 'complete', 'abort', 'link'].includes(op)
      return other ? { id: response.id, error: { code: 'other', message: 'No.' } } : response
    },
  }),
  ids: changed({
    answer: (response) => ({ ...response, id: response.id === '3' ? 'x' : response.id }),
  }),
  origin: (bucket) => createSigner({ bucket, authorize, origins: () => true }),
  malformed: (bucket) => {
    const signer = createSigner({ bucket, authorize })
    return async (request) => {
      const text = await request.clone().text()
      if (text !== '[]') return signer(request)
      throw new SignerError('internal-error', 'No.')
    }
  },
}
