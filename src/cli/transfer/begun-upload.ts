import type { Bucket } from '../../server/index.ts'
import type { Begun } from '../bucket/local-signer.ts'
import { CliError } from '../frame/cli-error.ts'
import { listStoredParts, listUnfinished, type StoredPart } from '../objects/unfinished.ts'
import type { FileSlice } from './http-transfer.ts'
import { md5Of } from './md5.ts'

/** A file, as far as it matters here. */
interface File {
  path: string
  key: string
  /** Bytes. */
  size: number
  /** Size of a part in bytes, if it is not ours to choose. */
  partSize?: number | undefined
}

/** An upload that an earlier run has begun, and the MD5s of the parts that the bucket has, by their places. */
export interface BegunUpload extends Begun {
  digests: Map<number, Buffer>
}

/** How many unfinished uploads of one key are looked at, the newest first. */
const MOST = 5

/**
 * Finds an upload of the same file to the same key that was not completed: one of whose parts at least
 * one has the MD5 of that part of the file.
 *
 * @returns `undefined` where there is none, or where the keys may not list
 * @throws {CliError} when the bucket cannot be reached
 */
export async function findBegun(
  file: File,
  bucket: Bucket,
  signal: AbortSignal,
): Promise<BegunUpload | undefined> {
  try {
    const { uploads } = await listUnfinished(bucket, file.key, signal)
    const own = uploads
      .filter(({ key }) => key === file.key)
      .sort((one, other) => Date.parse(other.started) - Date.parse(one.started))
    for (const upload of own.slice(0, MOST)) {
      const parts = await listStoredParts(bucket, upload, signal)
      const partSize = partSizeOf(parts, file, bucket)
      if (partSize === undefined) continue
      const digests = await sameParts(parts, partSize, file, signal)
      if (digests.size > 0) return { uploadId: upload.uploadId, partSize, digests }
    }
  } catch (error) {
    signal.throwIfAborted()
    // What else is wrong is told by the upload itself.
    if (error instanceof CliError && error.code === 'bucket-unreachable') throw error
  }
  return undefined
}

/** How the file is cut; nothing where these are no parts of such a file. */
function partSizeOf(
  parts: readonly StoredPart[],
  { size, partSize: wanted }: File,
  { partRules }: Bucket,
): number | undefined {
  const partSize = Math.max(0, ...parts.map((part) => part.size))
  if (partSize === 0 || (wanted !== undefined && wanted !== partSize)) return undefined
  const count = Math.ceil(size / partSize)
  if (partSize < partRules.minSize || count > partRules.maxCount) return undefined
  const fits = ({ partNumber, size: own }: StoredPart) =>
    own === (partNumber === count ? size - (count - 1) * partSize : partSize)
  return parts.every((part) => part.partNumber <= count && fits(part)) ? partSize : undefined
}

async function sameParts(
  parts: readonly StoredPart[],
  partSize: number,
  { path }: File,
  signal: AbortSignal,
): Promise<Map<number, Buffer>> {
  const same = new Map<number, Buffer>()
  for (const { partNumber, size, etag } of parts) {
    const slice: FileSlice = { path, start: (partNumber - 1) * partSize, length: size }
    const digest = await md5Of(slice, signal)
    if (digest.toString('hex') === etag.toLowerCase()) same.set(partNumber - 1, digest)
    // The first one tells most files apart, so that a large one is not read for nothing.
    else if (same.size === 0) return same
  }
  return same
}
