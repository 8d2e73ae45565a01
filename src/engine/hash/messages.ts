/** What the page and a hash worker say to each other. */
import type { Digests } from '../../protocol/index.ts'

/**
 * The version of these messages. The first message of a worker names it, since a page may meet a worker
 * file of another release, out of a cache.
 */
export const FORMAT = 2

/** Requests the digests of blobs, or cancels a request. Unknown algorithms are left out. */
export type HashRequest = HashOrder | { stop: number }

export interface HashOrder {
  id: number
  blobs: Blob[]
  algorithms: string[]
}

/** An exception as plain data, since not every browser can send one. */
export interface HashError {
  name: string
  message: string
}

/** What came of one blob. The error is `NotReadableError`. */
export type BlobResult = { digests: Digests } | { error: HashError }

/**
 * A message of the worker. The first one, with the id 0, tells whether it can hash at all. One with
 * neither results nor an error is a heartbeat: a file is being read.
 */
export interface HashAnswer {
  id: number
  /** Only in the first message: {@link FORMAT}. */
  format?: number
  /** One for each blob, in the same order. */
  results?: BlobResult[]
  /** Why there are no results. `AbortError` means that the request was cancelled. */
  error?: HashError
}
