import { UploadError } from '../api/errors.ts'
import type { UploadEventDetails } from '../api/events.ts'
import type { CandidateFile } from '../api/file.ts'

type WaitUntil = UploadEventDetails['files-added']['waitUntil']
type Check = [check: PromiseLike<unknown>, file: CandidateFile | undefined]

/** What {@link FileChecks} tells of a file. It may have left the list. */
export interface ChecksListener {
  changed: (id: string, isChecking: boolean) => void
  passed: (id: string) => void
  failed: (id: string, rejection: UploadEventDetails['file-rejected']) => void
}

/** The files that a page checks before they are uploaded: see `files-added`. */
export class FileChecks {
  readonly #listener: ChecksListener
  readonly #held = new Set<string>()
  /** Of the files that are being added. */
  #checks: Check[] = []

  constructor(listener: ChecksListener) {
    this.#listener = listener
  }

  /** Whether a file must not be uploaded yet. */
  has(id: string): boolean {
    return this.#held.has(id)
  }

  /** Collects checks until it is closed. */
  open(): [waitUntil: WaitUntil, close: () => void] {
    const checks: Check[] = []
    this.#checks = checks
    let isOpen = true
    const waitUntil: WaitUntil = (check, file) => {
      if (!isOpen) throw new Error('Too late: "files-added" is over.')
      checks.push([check, file])
    }
    const close = () => {
      isOpen = false
      // A listener may have added files by itself.
      this.#checks = checks
    }
    return [waitUntil, close]
  }

  /** Holds a file that was accepted, if there are checks of it. What never ends holds up no other file. */
  hold(id: string, file: CandidateFile): void {
    const its = this.#checks.filter(([, only]) => !only || only === file)
    if (its.length === 0) return
    this.#held.add(id)
    this.#listener.changed(id, true)
    Promise.all(its.map(([check]) => check)).then(
      () => {
        this.#held.delete(id)
        this.#listener.changed(id, false)
        this.#listener.passed(id)
      },
      (reason) => {
        this.#held.delete(id)
        const said = reason instanceof Error ? reason.message : String(reason ?? '')
        const error = new UploadError('not-accepted', file.name, { said })
        this.#listener.failed(id, { file, error, code: error.code })
      },
    )
  }
}
