import { SpeedMeter } from '../../util/speed.ts'
import type { UploadError } from '../api/errors.ts'
import type { UploadEventDetails } from '../api/events.ts'
import type { FileInfo, UploadProgress, UploadResult } from '../api/file.ts'
import { forgetCopy } from '../copies/chosen-files.ts'
import { canTake, type FileEvent, isActive } from './file-state.ts'
import { Ledger } from './ledger.ts'
import { streams } from './streams.ts'

/** A file that was not added, and why. */
export type Rejection = UploadEventDetails['file-rejected']

/** The files of an engine. What changes them goes through here, so that listeners always learn of it. */
export class LedgerEvents {
  readonly ledger = new Ledger()
  /** Called before each `upload-progress`. */
  progressed: (() => void) | undefined
  /** The files that were rejected last. */
  rejections: Rejection[] = []
  readonly #target: EventTarget
  readonly #speed = new SpeedMeter()
  #progressScheduled = false
  #lastSpeed = 0

  /** @param target where the events are fired */
  constructor(target: EventTarget) {
    this.#target = target
  }

  /** Progress of the current batch, in bytes. */
  get progress(): UploadProgress {
    const progress = this.ledger.progress
    const speed = progress.active > 0 ? this.#lastSpeed : 0
    const left = progress.total - progress.loaded
    return { ...progress, speed, timeLeft: speed > 0 && !progress.growing ? left / speed : null }
  }

  /** The file with that id, or all files, if their state allows the event. */
  idsFor(step: FileEvent['type'], id: string | undefined): string[] {
    const { ledger } = this
    const file = id === undefined ? undefined : ledger.get(id)
    const files = id === undefined ? ledger.files : file ? [file] : []
    return files.filter((it) => !it.isLost && canTake(it, step)).map((it) => it.id)
  }

  /**
   * Changes the state of a file.
   *
   * @throws {IllegalTransitionError} for an event that the state does not allow
   */
  apply(id: string, event: FileEvent): void {
    const file = this.ledger.update(id, event)
    this.changed()
    const isFirst = file.status === 'uploading' && this.ledger.noteStart(id)
    if (isFirst) this.emit('upload-started', this.ledger.infoOf(file))
  }

  /** As `apply`, for events of an upload, which does not know the state. */
  applyIfLegal({ id }: FileInfo, event: FileEvent): void {
    const now = this.ledger.get(id)
    if (now && canTake(now, event.type)) this.apply(id, event)
  }

  succeed(file: FileInfo, result: UploadResult): void {
    // Events that the state does not allow are skipped.
    for (const type of ['start', 'resume', 'sent'] as const) this.applyIfLegal(file, { type })
    this.apply(file.id, { type: 'succeed', result })
    // Its data may have been changed since the upload began.
    this.emit('file-uploaded', { ...this.ledger.infoOf(file), ...result })
    this.settled()
  }

  fail(file: FileInfo, error: UploadError): void {
    this.apply(file.id, { type: 'fail', error })
    this.emit('file-failed', { file: this.ledger.infoOf(file), error, code: error.code })
    this.settled()
  }

  /** Gives up the stream of a file, if it is one: it cannot be read again. */
  lose(id: string, reason?: unknown): void {
    const file = this.ledger.get(id)
    const stream = file && streams.get(file.file)
    if (!stream) return
    // It may have ended or failed by itself.
    stream.cancel(reason).catch(() => {})
    this.ledger.change(id, { isGrowing: false, isLost: true })
  }

  /** Takes a file out of the list: with a rejection, since the page does not accept it. */
  remove(id: string, rejection?: Rejection): void {
    const file = this.ledger.get(id)
    if (!file) return
    if (rejection) this.rejections = [...this.rejections, rejection]
    forgetCopy(file.file)
    this.ledger.remove(id)
    this.changed()
    if (rejection) this.emit('file-rejected', rejection)
    if (isActive(file.status)) this.settled()
  }

  /** Fires `change`, and `upload-progress` before the next frame. */
  changed(): void {
    this.#target.dispatchEvent(new Event('change'))
    if (this.#progressScheduled) return
    this.#progressScheduled = true
    const tell = () => {
      clearTimeout(timer)
      if (!this.#progressScheduled) return
      this.#progressScheduled = false
      const { loaded, active } = this.ledger.progress
      if (active === 0) this.#speed.reset()
      this.#lastSpeed = this.#speed.measure(loaded, performance.now())
      this.progressed?.()
      this.emit('upload-progress', this.progress)
    }
    // A hidden page has no frames, so a timer runs too.
    const timer = setTimeout(tell, 250)
    globalThis.requestAnimationFrame?.(tell)
  }

  /** Fires `upload-complete` if no file is left to upload. */
  settled(): void {
    if (this.ledger.active > 0) return
    const { batch } = this.ledger
    this.emit('upload-complete', {
      uploaded: batch.filter((file) => file.status === 'uploaded'),
      failed: batch.filter((file) => file.status === 'failed'),
    })
  }

  /** @returns false if a listener called `preventDefault()` */
  emit<Name extends keyof UploadEventDetails>(
    type: Name,
    detail: UploadEventDetails[Name],
    init: EventInit = {},
  ): boolean {
    return this.#target.dispatchEvent(
      new CustomEvent(type, { detail, bubbles: true, composed: true, ...init }),
    )
  }
}
