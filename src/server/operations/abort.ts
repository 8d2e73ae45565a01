import type { AbortRequest, SignedResponse } from '../../protocol/index.ts'
import { isGone } from '../../s3/codes.ts'
import { elements, textOf } from '../../s3/xml.ts'
import type { MultipartGrant, RequestContext } from '../api/context.ts'
import { releaseClaim } from '../rules/claims.ts'
import { type BucketClient, openBucket } from '../sign/bucket-client.ts'

/**
 * `abort`: removes the parts of an upload that is not completed.
 *
 * "A page that is being closed may not live to send it, so it is better done by the signer. That the
 * upload is gone already is as good."
 *
 * @see docs/signer-protocol.md, "abort"
 * @throws {SignerError} `invalid-grant`, or `internal-error` when the bucket fails
 */
export async function answerAbort(
  context: RequestContext,
  request: AbortRequest,
): Promise<SignedResponse> {
  const { settings } = context
  const grant = settings.grants.read(request.grant, context, 'multipart')
  const { key, uploadId } = grant
  const bucket = openBucket(settings)
  const query = { uploadId }
  const abort = { operation: 'AbortMultipartUpload', method: 'DELETE', key, query } as const
  const answer = await bucket.ask(abort)
  if (answer.problem !== undefined && !isGone(answer.code)) throw bucket.refusal(abort, answer)
  await abortOthers(bucket, grant)
  if (settings.counting) await releaseClaim(context, grant, answer.problem === undefined)
  return { id: request.id }
}

/**
 * The multipart uploads of a key that are neither completed nor aborted, by their ids. A bucket that cannot
 * list uploads has none.
 */
export async function findUploads(bucket: BucketClient, key: string): Promise<string[]> {
  const { body, problem } = await bucket.ask({
    operation: 'ListMultipartUploads',
    method: 'GET',
    key: '',
    query: { uploads: '', prefix: key },
  })
  if (problem !== undefined) return []
  const uploads = elements(body, 'Upload').filter((xml) => textOf(xml, 'Key') === key)
  return uploads.map((xml) => textOf(xml, 'UploadId'))
}

/**
 * Aborts the other uploads of the same file. A `create` may still have been under way when the page asked
 * again, for instance after a reload, so that it was not found then.
 */
export async function abortOthers(bucket: BucketClient, grant: MultipartGrant): Promise<void> {
  if (!grant.isAgain) return
  const { key } = grant
  const uploads = await findUploads(bucket, key)
  const others = uploads.filter((uploadId) => uploadId !== grant.uploadId)
  const abort = { operation: 'AbortMultipartUpload', method: 'DELETE', key } as const
  await Promise.all(others.map((uploadId) => bucket.ask({ ...abort, query: { uploadId } })))
}
