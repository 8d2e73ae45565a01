import { after, before } from 'node:test'
import type { Gateway } from './ceph.ts'
import { bucketName, cephGateway } from './gateways.ts'
import { createBucket, deleteBucket } from './s3-admin.ts'

/** A bucket, and the gateway that has it. */
export interface TestBucket {
  bucket: string
  /** Filled in before the first test. */
  gateway: Gateway
}

/** Makes a bucket on the Ceph gateway before the tests of a file, and removes it after them. */
export function testBucket(prefix: string): TestBucket {
  const bucket = bucketName(prefix)
  const gateway = {} as Gateway
  before(async () => {
    Object.assign(gateway, await cephGateway())
    await createBucket(gateway, bucket)
  })
  after(() => deleteBucket(gateway, bucket))
  return { bucket, gateway }
}
