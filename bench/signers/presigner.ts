import type { Bucket } from '../../src/server/api/bucket.ts'
import type { FetchHandler } from '../../src/server/http/node.ts'
import { type PresignOptions, presign } from '../../src/server/sign/presign.ts'

/** A request of @uppy/aws-s3, as its `signRequest` gets it. */
interface UppyRequest {
  method: PresignOptions['method']
  key: string
  uploadId?: string
  partNumber?: number
  contentType?: string
}

/** Signs whatever it is asked to, one request at a time: for the bench, never for a real site. */
export function presigner(bucket: Bucket): FetchHandler {
  return async (request) => {
    const asked: UppyRequest = await request.json()
    const { method, key, contentType } = asked
    const { url } = await presign(bucket, {
      method,
      key,
      query: queryOf(asked),
      headers: contentType === undefined ? {} : { 'Content-Type': contentType },
      expiresIn: 900,
      now: new Date(),
    })
    // The page and its signer may be of two origins; a body of plain text needs no preflight.
    return Response.json({ url }, { headers: { 'Access-Control-Allow-Origin': '*' } })
  }
}

function queryOf({ method, uploadId, partNumber }: UppyRequest): Record<string, string> {
  if (uploadId === undefined) return method === 'POST' ? { uploads: '' } : {}
  return partNumber === undefined ? { uploadId } : { uploadId, partNumber: String(partNumber) }
}
