/**
 * How large files are cut. The signer chooses, and tells the size with `create`; a client chooses for
 * itself where the signer does not. Not in the index: pages load it only with the first upload.
 */

import type { PartRules } from '../protocol/index.ts'

export type { PartRules }

/** The largest part that S3 takes, and the largest body of one PUT: 5 GiB, in bytes. */
export const MAX_PART_SIZE = 5 * 2 ** 30

/**
 * What every S3 allows: parts of 5 MiB or more, of which the last may be smaller, and at most 10,000 of
 * them. The best size is our choice: large enough that requests cost little time, small enough that
 * one to be sent again does not cost much either.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
export const S3_PART_RULES: PartRules = {
  minSize: 5 * 2 ** 20,
  idealSize: 64 * 2 ** 20,
  multipleOf: 1,
  maxCount: 10_000,
}

/**
 * The largest part of a stream, in bytes, if the limit does not need larger ones. A browser holds some
 * parts in memory, since it cannot read a stream twice.
 */
const MOST_IN_STREAM_PART = 16 * 2 ** 20

/**
 * How a stream is cut whose length is not known yet.
 *
 * @param limit the most bytes that it may have, if so many parts hold them
 * @returns bytes of each part but the last, and the most bytes in all
 */
export function planStream(
  limit: number,
  { minSize, multipleOf, maxCount }: PartRules,
): { partSize: number; maxSize: number } {
  const wanted = Math.min(Math.ceil(limit / maxCount), MOST_IN_STREAM_PART)
  const partSize = Math.ceil(Math.max(wanted, minSize) / multipleOf) * multipleOf
  return { partSize, maxSize: Math.min(limit, partSize * maxCount) }
}

/**
 * The size of the parts of a file, so that they go up in full rounds of `limit` at a time: the last
 * round then has no part that runs alone while the other connections are idle.
 *
 * @param size of the file, in bytes
 * @param limit how many parts move at the same time
 * @param wish the size that suits the line of the client, in bytes; the parts are no larger, if the rules
 *   allow that
 * @returns bytes; the last part has what is left
 */
export function planPartSize(
  size: number,
  { minSize, idealSize, multipleOf, maxCount }: PartRules,
  limit: number,
  wish = idealSize,
): number {
  const most = Math.max(Math.min(wish, idealSize), minSize)
  const rounds = Math.ceil(size / most / limit) || 1
  const even = Math.ceil(size / (rounds * limit))
  const least = Math.max(even, minSize, Math.ceil(size / maxCount))
  return Math.ceil(least / multipleOf) * multipleOf
}
