import type { TestAddresses } from '../support/test-servers.ts'

type Library = typeof import('../../src/define.ts')

// The file that people load from a CDN, typed by its source: what is tested is what ships.
const built = '/dist/cdn/bucket-upload.js'
export const { BucketUpload, UploadEngine, UploadError, formatBytes }: Library = await import(built)

/** Where the buckets and signers of the tests are. */
export const addresses: TestAddresses = await (await fetch('/test-addresses.json')).json()
