import type { SignerRequest, SignerResponse } from '../../../src/protocol/index.ts'
import { type Bucket, presign, type Signer } from '../../../src/server/index.ts'

/**
 * A signer that lets the browser put the parts together: it needs them named, and hands out a URL; and
 * one to throw them away. All else it leaves to one of ours.
 */
export function completingSigner(bucket: Bucket, ours: Signer): Signer {
  const uploads = new Map<string, { key: string; uploadId: string }>()
  const complete = async (request: SignerRequest & { op: 'complete' }): Promise<SignerResponse> => {
    const { id, grant, parts } = request
    const upload = uploads.get(grant)
    if (!parts || !upload) return { id, error: { code: 'parts-needed', message: 'Name them.' } }
    const { key, uploadId } = upload
    const options = { method: 'POST', key, query: { uploadId }, expiresIn: 60 } as const
    const { url } = await presign(bucket, { ...options, now: new Date() })
    const link = await presign(bucket, { method: 'GET', key, expiresIn: 60, now: new Date() })
    return { id, key, url, method: 'POST', downloadUrl: link.url }
  }
  const abort = async ({ id, grant }: SignerRequest & { op: 'abort' }): Promise<SignerResponse> => {
    const { key = '', uploadId = '' } = uploads.get(grant) ?? {}
    const options = { method: 'DELETE', key, query: { uploadId }, expiresIn: 60 } as const
    return { id, url: (await presign(bucket, { ...options, now: new Date() })).url }
  }
  return async (request) => {
    if (request.method !== 'POST') return ours(request)
    const { requests } = (await request.clone().json()) as { requests: SignerRequest[] }
    const [first] = requests
    if (first?.op === 'complete' || first?.op === 'abort') {
      const headers = { 'Access-Control-Allow-Origin': '*' }
      const response = await (first.op === 'abort' ? abort(first) : complete(first))
      return Response.json({ version: 1, responses: [response] }, { headers })
    }
    const answer = await ours(request)
    const body = await answer.clone().json()
    for (const { grant, key, uploadId } of body.responses ?? []) {
      if (grant && uploadId) uploads.set(grant, { key, uploadId })
    }
    return answer
  }
}
