import { randomId } from '../../util/random-id.ts'
import type { UploadEventDetails } from '../api/events.ts'
import type { CandidateFile } from '../api/file.ts'
import type { Restrictions } from '../api/options.ts'
import { unreadableError } from './file-to-add.ts'
import type { Ledger } from './ledger.ts'
import { findViolation } from './restrictions.ts'

/** A file that was not added, and why. */
export type Rejection = UploadEventDetails['file-rejected']

/** Adds the files that keep the restrictions to the ledger. */
export function admitFiles(
  candidates: CandidateFile[],
  ledger: Ledger,
  restrictions: Restrictions,
): { ids: string[]; rejections: Rejection[] } {
  const ids: string[] = []
  const rejections: Rejection[] = []
  for (const candidate of candidates) {
    const present = { count: ledger.count, bytes: ledger.bytes }
    const error = unreadableError(candidate) ?? findViolation(candidate, present, restrictions)
    if (error) {
      rejections.push({ file: candidate, error, code: error.code })
      continue
    }
    const id = randomId()
    ledger.add({ id, ...candidate })
    ids.push(id)
  }
  return { ids, rejections }
}
