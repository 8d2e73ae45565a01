import { randomId } from '../../util/random-id.ts'
import type { CandidateFile } from '../api/file.ts'
import type { Restrictions } from '../api/options.ts'
import type { FileChecks } from './file-checks.ts'
import { unreadableError } from './file-to-add.ts'
import type { Ledger } from './ledger.ts'
import type { Rejection } from './ledger-events.ts'
import { findViolation } from './restrictions.ts'

/** Adds the files that keep the restrictions to the ledger, and holds those that the page checks. */
export function admitFiles(
  candidates: CandidateFile[],
  ledger: Ledger,
  restrictions: Restrictions,
  checks: FileChecks,
): { ids: string[]; rejections: Rejection[] } {
  const ids: string[] = []
  const rejections: Rejection[] = []
  for (const candidate of candidates) {
    const error = unreadableError(candidate) ?? findViolation(candidate, ledger, restrictions)
    if (error) {
      rejections.push({ file: candidate, error, code: error.code })
      continue
    }
    const id = randomId()
    ledger.add({ id, ...candidate })
    ids.push(id)
    checks.hold(id, candidate)
  }
  return { ids, rejections }
}
