import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { planPartSize } from '../../s3/part-size.ts'
import type { Bucket } from '../../server/index.ts'

const MIB = 2 ** 20

/** Sizes of parts that other tools have: rclone 5 MiB, aws-cli and boto3 8 MiB, s3cmd 15 MiB, and more. */
const USUAL = [5, 8, 15, 16, 32, 64, 100].map((size) => size * MIB)

/** How many parts are planned for a round, as the signer does. */
const ROUNDS = [1, 6, 12]

/**
 * Whether a file has the bytes of an object, as far as its ETag tells: an MD5 of the whole, or of the MD5s
 * of parts of a size that is usual. What cannot be compared counts as another.
 *
 * @param size of both, in bytes
 * @param partSize the one that was asked for, if any
 * @param etag without quotes
 */
export async function isSameFile(
  { path, size, partSize }: { path: string; size: number; partSize?: number | undefined },
  etag: string,
  bucket: Bucket,
  signal: AbortSignal,
): Promise<boolean> {
  const [, count] = /^[\da-f]{32}(?:-(\d+))?$/i.exec(etag) ?? []
  if (!/^[\da-f]{32}(?:-\d+)?$/i.test(etag)) return false
  const wanted = partSize === undefined ? [] : [partSize]
  const sizes = count === undefined ? [] : partSizes(size, Number(count), bucket, wanted)
  if (count !== undefined && sizes.length === 0) return false
  const hashes = count === undefined ? [wholeHash()] : sizes.map(partsHash)
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: MIB })) {
      signal.throwIfAborted()
      for (const hash of hashes) hash.update(chunk)
    }
  } catch {
    signal.throwIfAborted()
    return false
  }
  return hashes.some((hash) => hash.etag() === etag.toLowerCase())
}

/** The sizes that cut a file into so many parts. */
function partSizes(
  size: number,
  count: number,
  { partRules }: Bucket,
  wanted: readonly number[],
): number[] {
  const planned = ROUNDS.map((round) => planPartSize(size, partRules, round))
  const all = new Set([...wanted, ...planned, ...USUAL])
  return [...all].filter((partSize) => Math.max(1, Math.ceil(size / partSize)) === count)
}

/** Reads a file, and knows its ETag in the end. */
interface EtagHash {
  update(chunk: Buffer): void
  etag(): string
}

function wholeHash(): EtagHash {
  const hash = createHash('md5')
  return { update: (chunk) => void hash.update(chunk), etag: () => hash.digest('hex') }
}

function partsHash(partSize: number): EtagHash {
  const all = createHash('md5')
  let [part, filled, count]: [Hash, number, number] = [createHash('md5'), 0, 0]
  const end = () => {
    all.update(part.digest())
    ;[part, filled, count] = [createHash('md5'), 0, count + 1]
  }
  return {
    update(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + partSize - filled)
        part.update(piece)
        filled += piece.length
        at += piece.length
        if (filled === partSize) end()
      }
    },
    etag() {
      if (filled > 0) end()
      return `${all.digest('hex')}-${count}`
    },
  }
}
