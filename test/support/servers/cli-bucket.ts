import type { Gateway } from './ceph.ts'
import { bucketName, cephGateway } from './gateways.ts'
import { createBucket, deleteBucket } from './s3-admin.ts'

/** A bucket for the tests of a file, and what the command line needs to find it. */
export interface CliBucket {
  gateway: Gateway
  bucket: string
  /** Keys in the environment. */
  keys: Record<string, string>
  /** Keys, endpoint and region in the environment. */
  env: Record<string, string>
  /** Removes the bucket and all that is in it. */
  remove(): Promise<void>
}

/** Makes a bucket on the Ceph gateway; `remove` it in the end. */
export async function cliBucket(): Promise<CliBucket> {
  const gateway = await cephGateway()
  const bucket = bucketName('cli')
  await createBucket(gateway, bucket)
  const remove = () => deleteBucket(gateway, bucket)
  const keys = {
    AWS_ACCESS_KEY_ID: gateway.accessKeyId,
    AWS_SECRET_ACCESS_KEY: gateway.secretAccessKey,
  }
  const place = {
    BUCKET_UPLOAD_ENDPOINT: gateway.endpoint,
    BUCKET_UPLOAD_REGION: gateway.region,
    BUCKET_UPLOAD_PROVIDER: 's3',
  }
  return { gateway, bucket, keys, env: { ...keys, ...place }, remove }
}
