import { elements } from '../../s3/xml.ts'
import type { Quota, RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { openBucket } from '../sign/bucket-client.ts'

/** The most that one listing of a bucket tells. */
export const MAX_COUNTED = 1000

/**
 * Takes a place for one more file, where the caller may have so many only.
 *
 * The bucket itself is counted, so that no signer has to remember anything. What is still on its way is
 * not in the bucket yet: two calls at the same time can both get the last place.
 *
 * @throws {SignerError} `quota-reached`, or `internal-error` when the bucket cannot be listed
 */
export async function reserve(context: RequestContext): Promise<void> {
  const { maxFiles } = context.limits
  if (maxFiles === undefined) return
  context.shared.quota ??= countQuota(context, maxFiles)
  const quota = await context.shared.quota
  if (quota.left <= 0) {
    throw new SignerError('quota-reached', `The limit is reached: ${maxFiles} files.`)
  }
  quota.left -= 1
}

async function countQuota({ settings, prefix }: RequestContext, maxFiles: number): Promise<Quota> {
  if (maxFiles === 0) return { left: 0 }
  const bucket = openBucket(settings)
  const list = {
    operation: 'ListObjectsV2',
    method: 'GET',
    key: '',
    query: { 'list-type': '2', 'max-keys': String(maxFiles), prefix },
    expects: /^ListBucketResult$/,
  } as const
  const answer = await bucket.ask(list)
  if (answer.problem !== undefined) throw bucket.refusal(list, answer)
  return { left: maxFiles - elements(answer.body, 'Contents').length }
}
