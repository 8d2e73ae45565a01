import type { PartRules } from '../protocol/index.ts'

/** What one request to the bucket carries: a whole file, or one part of it. */
export interface TransferUnit {
  /** Unique among all units. */
  readonly id: string
  readonly fileId: string
  readonly body: Blob
  /** 1 for the first part; absent for a whole file. */
  readonly partNumber?: number
}

/** For a signer that gives no rules: what every S3 allows. */
export const DEFAULT_RULES: PartRules = {
  minSize: 5 * 2 ** 20,
  idealSize: 64 * 2 ** 20,
  multipleOf: 1,
  maxCount: 10_000,
}

/**
 * The size of the parts of a file, so that they go up in full rounds of `limit` at a time: the last
 * round then has no part that runs alone while the other connections are idle.
 *
 * @param size of the file, in bytes
 * @param limit how many parts move at the same time
 * @returns bytes; the last part has what is left
 */
export function planPartSize(size: number, rules: PartRules, limit: number): number {
  const { minSize, idealSize, multipleOf, maxCount } = rules
  const rounds = Math.ceil(size / idealSize / limit)
  const even = Math.ceil(size / (rounds * limit))
  const least = Math.max(even, minSize, Math.ceil(size / maxCount))
  return Math.ceil(least / multipleOf) * multipleOf
}

/** The units of a whole small file. */
export function wholeFile(fileId: string, file: File): TransferUnit {
  return { id: `${fileId}.0`, fileId, body: file }
}

/** Cuts a file into parts. Costs nothing: a slice of a file reads no byte. */
export function cutIntoParts(fileId: string, file: File, partSize: number) {
  return Array.from({ length: Math.ceil(file.size / partSize) }, (_, index) => ({
    id: `${fileId}.${index + 1}`,
    fileId,
    body: file.slice(index * partSize, (index + 1) * partSize),
    partNumber: index + 1,
  }))
}
