import { randomId } from '../../util/random-id.ts'
import type { CandidateFile } from '../api/file.ts'
import type { Restrictions } from '../api/options.ts'
import type { FileChecks } from './file-checks.ts'
import { unreadableError } from './file-to-add.ts'
import type { Ledger } from './ledger.ts'
import type { LedgerEvents, Rejection } from './ledger-events.ts'
import { findViolation } from './restrictions.ts'

/** What {@link addFiles} needs of the queue. */
interface Admission {
  readonly checks: FileChecks
  readonly restrictions: Restrictions
  add(ids: string[]): void
  pump(): void
}

/**
 * Adds files to the list and the queue, and tells of them.
 *
 * @returns the ids of the accepted ones
 */
export function addFiles(
  candidates: CandidateFile[],
  events: LedgerEvents,
  queue: Admission,
): string[] {
  if (candidates.length === 0) return []
  const { checks, restrictions } = queue
  const [waitUntil, close] = checks.open()
  const added = { files: candidates, waitUntil }
  const isWanted = events.emit('files-added', added, { cancelable: true })
  close()
  if (!isWanted) return []
  const { ids, rejections } = admitFiles(candidates, events.ledger, restrictions, checks)
  events.rejections = rejections
  queue.add(ids)
  // Fired last, so that a listener that cancels or pauses all files reaches all of them.
  for (const rejection of rejections) events.emit('file-rejected', rejection)
  events.changed()
  queue.pump()
  return ids
}

/** Adds the files that keep the restrictions to the ledger, and holds those that the page checks. */
function admitFiles(
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
