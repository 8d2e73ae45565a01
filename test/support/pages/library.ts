import type { CheckedPut } from '../faults/checking-proxy.ts'
import type { Fault } from '../faults/faults.ts'
import type { TestAddresses } from '../servers/test-servers.ts'

type Library = typeof import('../../../src/define.ts')

// The file that people load from a CDN, typed by its source: what is tested is what ships.
const built = '/dist/cdn/bucket-upload.js'
export const {
  BucketUpload,
  UploadEngine,
  UploadError,
  filesFromDrop,
  formatBytes,
  registerLocale,
  zipFolders,
}: Library = await import(built)

/** Where the buckets and signers of the tests are. */
export const addresses: TestAddresses = await ask('addresses')

/** What is in Ceph's bucket now: the objects, and the multipart uploads that are not finished. */
export function bucket(): Promise<{
  objects: { key: string; size: number; etag: string }[]
  uploads: { key: string; uploadId: string }[]
}> {
  return ask('bucket')
}

/** Lets the next PUTs to the bucket of `faultyLine`, and the next POSTs to its signer, go wrong. */
export async function setFaults({ bucket = [], signer = [] }: Partial<Record<string, Fault[]>>) {
  await ask('faults', { faults: JSON.stringify({ bucket, signer }) })
}

/** The PUTs to the bucket that checks, since the last time; damages so many of those to come. */
export function takeChecked({ damage = 0 } = {}): Promise<CheckedPut[]> {
  return ask('checked', { damage: String(damage) })
}

/** Asks the test server. At a new address each time: it answers a known one from memory. */
async function ask<T>(what: string, query: Record<string, string> = {}): Promise<T> {
  const parameters = new URLSearchParams({ ...query, once: crypto.randomUUID() })
  return (await fetch(`/test-${what}.json?${parameters}`)).json()
}
