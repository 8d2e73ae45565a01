import { randomId } from '../../util/random-id.ts'

const batches = new WeakMap<File, string>()

/**
 * Notes which files were added together, so that a signer can keep a folder together. Two of the same
 * path would have the same key: the second one starts a batch of its own.
 */
export function noteBatches(files: Iterable<{ file: File; path: string }>): void {
  const batch = randomId()
  const paths = new Set<string>()
  for (const { file, path } of files) {
    batches.set(file, paths.has(path) ? randomId() : batch)
    paths.add(path)
  }
}

/** What the files that were added together have in common; as a field of a request. */
export function batchOf(file: File): { batch?: string } {
  const batch = batches.get(file)
  return batch === undefined ? {} : { batch }
}

/** Lets a file that was made of another one take its place. */
export function keepBatch(made: File, of: File): void {
  const batch = batches.get(of)
  if (batch !== undefined) batches.set(made, batch)
}
