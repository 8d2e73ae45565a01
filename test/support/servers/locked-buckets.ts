/** Buckets with Object Lock, and how tests get rid of them. */
import type { Gateway } from './ceph.ts'
import { deleteBucket, elements, objectUrl, request, text } from './s3-admin.ts'

/** Creates a bucket whose objects can be locked. */
export async function createLockedBucket(gateway: Gateway, bucket: string): Promise<void> {
  const headers = { 'x-amz-bucket-object-lock-enabled': 'true' }
  await request(gateway, `${gateway.endpoint}/${bucket}`, { method: 'PUT', headers })
}

/** Removes it with all versions of its objects, whose locks are lifted: none may be of the mode compliance. */
export async function deleteLockedBucket(gateway: Gateway, bucket: string): Promise<void> {
  const answer = await request(gateway, `${gateway.endpoint}/${bucket}?versions`)
  const listing = await answer.text()
  for (const version of [...elements(listing, 'Version'), ...elements(listing, 'DeleteMarker')]) {
    const query = new URLSearchParams({ versionId: text(version, 'VersionId') ?? '' })
    const url = objectUrl(gateway, bucket, text(version, 'Key') ?? '')
    const body = '<LegalHold><Status>OFF</Status></LegalHold>'
    await request(gateway, `${url}?legal-hold&${query}`, { method: 'PUT', body })
    const headers = { 'x-amz-bypass-governance-retention': 'true' }
    await request(gateway, `${url}?${query}`, { method: 'DELETE', headers })
  }
  await deleteBucket(gateway, bucket)
}
