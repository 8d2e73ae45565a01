import type { LitElement, ReactiveController } from 'lit'
import type { FileStatus, UploadEngine } from '../../../engine/index.ts'

/** How many rows a phone shows until people ask for all. */
const SHOWN = 6
/** Narrow windows. */
const PHONE = '(width < 30rem)'
/** What people want to see first. */
const URGENT: FileStatus[] = [
  'uploading',
  'waiting',
  'paused',
  'finalizing',
  'processing',
  'failed',
]
/** What gives its place to those, soonest first. */
const YIELDING: FileStatus[] = ['uploaded', 'cancelled', 'queued']

/**
 * On a phone, the few files that a list shows until people ask for all of them. While files are uploaded,
 * one that is active takes the place of one that is done; all others stay where they are.
 */
export class FoldedRows implements ReactiveController {
  /** Whether people asked for all files. */
  isOpen = false
  readonly #host: LitElement
  readonly #query = globalThis.matchMedia?.(PHONE)
  #shown: string[] = []

  constructor(host: LitElement) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {
    this.#query?.addEventListener('change', this.#changed)
  }

  hostDisconnected(): void {
    this.#query?.removeEventListener('change', this.#changed)
  }

  /** Whether there are more files than a phone shows at first. */
  isNeeded(engine: UploadEngine): boolean {
    return this.#query?.matches === true && engine.ids.length > SHOWN
  }

  /** Ids of the files to show. */
  choose(engine: UploadEngine): readonly string[] {
    if (!this.isNeeded(engine)) this.isOpen = false
    if (this.isOpen || !this.isNeeded(engine)) return engine.ids
    const shown = this.#shown.filter((id) => engine.file(id))
    for (const id of engine.ids) {
      if (shown.length >= SHOWN) break
      if (!shown.includes(id)) shown.push(id)
    }
    for (const id of this.#missing(engine, shown)) {
      const place = placeIn(shown, engine)
      if (place < 0) break
      shown[place] = id
    }
    this.#shown = shown
    return shown
  }

  /** Urgent files that are not shown. */
  #missing(engine: UploadEngine, shown: string[]): string[] {
    const { progress, counts } = engine
    if (progress.active === 0 && counts.failed === 0) return []
    const missing: string[] = []
    for (const id of engine.ids) {
      if (missing.length >= SHOWN) break
      const status = engine.file(id)?.status
      if (status && URGENT.includes(status) && !shown.includes(id)) missing.push(id)
    }
    return missing
  }

  #changed = (): void => this.#host.requestUpdate()
}

/** Index of the row that matters least, or -1 if all are urgent. */
function placeIn(shown: string[], engine: UploadEngine): number {
  for (const status of YIELDING) {
    const place = shown.findIndex((id) => engine.file(id)?.status === status)
    if (place >= 0) return place
  }
  return -1
}
