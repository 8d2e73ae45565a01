import { acceptsFile } from '../../protocol/index.ts'
import { type ErrorFacts, UploadError } from '../api/errors.ts'
import type { Restrictions } from '../api/options.ts'

/** Why a file may not be added, or `undefined` if it may. `present` counts the files before it. */
export function findViolation(
  file: { name: string; size: number; type: string; isGrowing?: boolean },
  present: { count: number; bytes: number },
  { accept, maxFiles, existingFiles = 0, minSize, maxSize, maxTotalSize }: Restrictions,
): UploadError | undefined {
  const { size } = file
  const refuse = (code: UploadError['code'], facts: ErrorFacts) =>
    new UploadError(code, file.name, facts)
  if (accept && !acceptsFile(file, accept)) return refuse('type-not-allowed', { accept })
  if (maxSize !== undefined && size > maxSize) return refuse('too-large', { limit: maxSize, size })
  if (minSize !== undefined && size < minSize && !file.isGrowing) {
    return refuse('too-small', { limit: minSize, size })
  }
  if (maxFiles !== undefined && present.count + existingFiles >= maxFiles) {
    return refuse('too-many-files', { limit: maxFiles })
  }
  if (maxTotalSize !== undefined && present.bytes + size > maxTotalSize) {
    return refuse('total-too-large', { limit: maxTotalSize })
  }
  return undefined
}

/** Without the limits of size, for a file whose size is going to change. */
export function withoutSizes(restrictions: Restrictions): Restrictions {
  return { ...restrictions, minSize: undefined, maxSize: undefined, maxTotalSize: undefined }
}
