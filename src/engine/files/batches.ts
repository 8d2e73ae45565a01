import { randomId } from '../../util/random-id.ts'

const batches = new WeakMap<File, string>()

/**
 * Marks files as added together, so that a signer can keep a folder together. Two files of the same path
 * would get the same key, so the second one gets a batch for itself.
 */
export function noteBatches(files: Iterable<{ file: File; path: string }>): void {
  const batch = randomId()
  const paths = new Set<string>()
  for (const { file, path } of files) {
    batches.set(file, paths.has(path) ? randomId() : batch)
    paths.add(path)
  }
}

/** The batch of a file, as a field of a request. */
export function batchOf(file: File): { batch?: string } {
  const batch = batches.get(file)
  return batch === undefined ? {} : { batch }
}

/** Gives a file the batch of the one that it was made from. */
export function keepBatch(made: File, of: File): void {
  const batch = batches.get(of)
  if (batch !== undefined) batches.set(made, batch)
}
