import type { AbortRequest, SignedResponse } from '../../protocol/index.ts'
import { isGone } from '../../s3/codes.ts'
import type { RequestContext } from '../api/context.ts'
import { releaseClaim } from '../rules/claims.ts'
import { openBucket } from '../sign/bucket-client.ts'
import { abortEarlier } from './uploads-of-key.ts'

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
  await abortEarlier(bucket, grant)
  if (settings.counting) await releaseClaim(context, grant, answer.problem === undefined)
  return { id: request.id }
}
