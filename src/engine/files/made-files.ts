import { keepBatch } from './batches.ts'
import { keepHandle } from './file-handles.ts'

const originalSizes = new WeakMap<File, number>()

/**
 * Notes that a file was made from one that a person chose, and always comes out the same: after a reload
 * they choose the original again.
 */
export function noteMade(made: File, of: File): void {
  originalSizes.set(made, of.size)
  keepBatch(made, of)
  keepHandle(made, of)
}

/** The size of the file that this one was made from, in bytes; `undefined` for one that was chosen. */
export function originalSizeOf(file: File): number | undefined {
  return originalSizes.get(file)
}
