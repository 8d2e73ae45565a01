import type { SignedResponse, SignerRequest } from '../../../src/protocol/index.ts'
import { type Bucket, presign, type Signer } from '../../../src/server/index.ts'

/** Headers that a signer may sign along, so that nobody can add another of that name. */
const GUARD_HEADERS = { 'x-amz-acl': 'private', 'x-amz-copy-source-if-match': '"0"' }
const FOR_PUT = {
  ...GUARD_HEADERS,
  'Content-Disposition': `attachment; filename="a  b; c.txt"; filename*=UTF-8''gr%C3%B6%C3%9Fer.txt`,
}
const FOR_PART = { ...GUARD_HEADERS, 'x-amz-copy-source-range': 'bytes=0-0' }

/** One of ours, but for each PUT and each part it signs more headers than ours would. */
export function guardingSigner(bucket: Bucket, ours: Signer): Signer {
  const uploads = new Map<string, { key: string; uploadId: string }>()
  const sign = async (request: SignerRequest, answer: SignedResponse): Promise<SignedResponse> => {
    const { grant, key, uploadId } = answer
    if (grant && key && uploadId) uploads.set(grant, { key, uploadId })
    if (!answer.url || (request.op !== 'put' && request.op !== 'part')) return answer
    const part = request.op === 'part' ? uploads.get(request.grant) : undefined
    const headers = { ...answer.headers, ...(part ? FOR_PART : FOR_PUT) }
    const { url } = await presign(bucket, {
      method: 'PUT',
      key: part?.key ?? key ?? '',
      headers,
      expiresIn: 60,
      now: new Date(),
      ...(part && request.op === 'part'
        ? { query: { partNumber: String(request.partNumber), uploadId: part.uploadId } }
        : {}),
    })
    return { ...answer, url, headers }
  }
  return async (request) => {
    if (request.method !== 'POST') return ours(request)
    const { requests } = (await request.clone().json()) as { requests: SignerRequest[] }
    const answer = await ours(request)
    if (!answer.ok) return answer
    const body = (await answer.json()) as { responses: SignedResponse[] }
    const responses = await Promise.all(
      requests.map((it) =>
        sign(it, body.responses.find(({ id }) => id === it.id) ?? { id: it.id }),
      ),
    )
    const headers = { 'Access-Control-Allow-Origin': '*' }
    return Response.json({ ...body, responses }, { headers })
  }
}
