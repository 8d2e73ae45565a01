import { randomUUID } from 'node:crypto'
import { type Gateway, startCeph } from './ceph.ts'

/** Where `npm test` tells the tests about the gateway that it has started for all of them. */
export const CEPH_VARIABLE = 'BUCKET_UPLOAD_TEST_CEPH'

let ceph: Promise<Gateway> | undefined

/**
 * The Ceph gateway to test against: the one of the whole test run, or, in a test file that runs
 * alone, one that is started now and ends with this process. No need to stop it.
 */
export function cephGateway(): Promise<Gateway> {
  ceph ??= fromEnvironment() ?? startCeph().then(({ stop: _, ...gateway }) => gateway)
  return ceph
}

function fromEnvironment(): Promise<Gateway> | undefined {
  const value = process.env[CEPH_VARIABLE]
  return value === undefined ? undefined : Promise.resolve(JSON.parse(value))
}

/** A bucket name that no other test uses. */
export function bucketName(prefix = 'test'): string {
  return `${prefix}-${randomUUID().slice(0, 13)}`
}
