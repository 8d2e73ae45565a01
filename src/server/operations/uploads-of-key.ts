import { elements, textOf } from '../../s3/xml.ts'
import type { MultipartGrant } from '../api/context.ts'
import type { BucketClient } from '../sign/bucket-client.ts'

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
 * Aborts what an earlier try has begun for the same file after all. Its `create` may still have been under
 * way when the page asked again, for instance after a reload, so that nothing was found then.
 */
export async function abortEarlier(bucket: BucketClient, grant: MultipartGrant): Promise<void> {
  if (!grant.isSecond) return
  const { key } = grant
  const uploads = await findUploads(bucket, key)
  const earlier = uploads.filter((uploadId) => uploadId !== grant.uploadId)
  const abort = { operation: 'AbortMultipartUpload', method: 'DELETE', key } as const
  await Promise.all(earlier.map((uploadId) => bucket.ask({ ...abort, query: { uploadId } })))
}
