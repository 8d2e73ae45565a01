import type { CheckedPut } from '../support/checking-proxy.ts'
import type { Fault } from '../support/faults.ts'
import type { TestAddresses } from '../support/test-servers.ts'

type Library = typeof import('../../src/define.ts')

// The file that people load from a CDN, typed by its source: what is tested is what ships.
const built = '/dist/cdn/bucket-upload.js'
export const {
  BucketUpload,
  UploadEngine,
  UploadError,
  filesFromDrop,
  formatBytes,
  registerLocale,
}: Library = await import(built)

/** Where the buckets and signers of the tests are. */
export const addresses: TestAddresses = await (await fetch('/test-addresses.json')).json()

/** What is in Ceph's bucket now: the objects, and the multipart uploads that are not finished. */
export async function bucket(): Promise<{
  objects: { key: string; size: number; etag: string }[]
  uploads: { key: string; uploadId: string }[]
}> {
  // A new address each time: the test server answers a known one from memory.
  return (await fetch(`/test-bucket.json?${crypto.randomUUID()}`)).json()
}

/** Lets the next PUTs to the bucket of `faultyLine`, and the next POSTs to its signer, go wrong. */
export async function setFaults({ bucket = [], signer = [] }: Partial<Record<string, Fault[]>>) {
  const query = new URLSearchParams({ faults: JSON.stringify({ bucket, signer }) })
  await fetch(`/test-faults.json?${query}&${crypto.randomUUID()}`)
}

/** The PUTs to the bucket that checks, since the last time; damages so many of those to come. */
export async function takeChecked({ damage = 0 } = {}): Promise<CheckedPut[]> {
  return (await fetch(`/test-checked.json?damage=${damage}&${crypto.randomUUID()}`)).json()
}
