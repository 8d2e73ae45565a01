import type { UploadEngine, UploadEventDetails } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import { displayName } from '../parts/file-name.ts'
import { summary } from '../parts/summary.ts'

/** Least time between two announcements, in ms: what comes sooner is merged, so that none is cut off. */
const PAUSE = 1_000
/** How many failures of the same moment are spelled out; the others are counted. */
const FAILURES_SPELLED_OUT = 3

/**
 * Tells screen readers how an upload goes: that it started, each quarter, what failed, that it is done.
 */
export class Announcer {
  readonly #localize: Localize
  readonly #tell: (text: string) => void
  readonly #waiting: string[] = []
  readonly #failures: string[] = []
  /** How far it is. Only the last word of it is worth saying. */
  #share = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #engine: UploadEngine | undefined
  #quarter = 0
  #started = 0

  /** @param tell shows a text in a live region */
  constructor(localize: Localize, tell: (text: string) => void) {
    this.#localize = localize
    this.#tell = tell
  }

  /** Listens to that engine from now on, and to no other. */
  listen(engine: UploadEngine | undefined): void {
    const before = this.#engine
    before?.removeEventListener('upload-started', this.#start)
    before?.removeEventListener('upload-progress', this.#progress)
    before?.removeEventListener('file-failed', this.#fail)
    before?.removeEventListener('upload-complete', this.#complete)
    engine?.addEventListener('upload-started', this.#start)
    engine?.addEventListener('upload-progress', this.#progress)
    engine?.addEventListener('file-failed', this.#fail)
    engine?.addEventListener('upload-complete', this.#complete)
    this.#engine = engine
    if (engine) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#takeAll()
  }

  /** Says something, a moment after what was said before. */
  say(text: string): void {
    this.#waiting.push(text)
    this.#speakSoon()
  }

  /** Together with what comes in the same moment. */
  #speakSoon(): void {
    this.#timer ??= setTimeout(this.#speak, 50)
  }

  #speak = (): void => {
    const text = this.#takeAll()
    this.#timer = text ? setTimeout(this.#speak, PAUSE) : undefined
    if (text) this.#tell(text)
  }

  /** What is to be said now: that files failed before what came of it all. */
  #takeAll(): string {
    const failures = this.#failures.splice(0)
    const more = failures.length - FAILURES_SPELLED_OUT
    const said = [
      this.#share,
      ...failures.slice(0, FAILURES_SPELLED_OUT),
      more > 0 ? this.#localize.text('moreRejected', { count: more }) : '',
      ...this.#waiting.splice(0),
    ]
    this.#share = ''
    return said.filter(Boolean).join(' ')
  }

  #start = (): void => {
    const { active = 0, uploaded = 0 } = this.#engine?.progress ?? {}
    if (this.#started > 0) return
    this.#started = active + uploaded
    this.#quarter = 0
    this.say(this.#localize.text('filesAdded', { count: this.#started }))
  }

  #progress = ({ detail }: CustomEvent<UploadEventDetails['upload-progress']>): void => {
    const { loaded, total, active } = detail
    if (active === 0 || total === 0) return
    const quarter = Math.floor((loaded / total) * 4)
    if (quarter <= this.#quarter || quarter > 3) return
    this.#quarter = quarter
    const percent = this.#localize.percent(quarter / 4)
    this.#share = this.#localize.text('percentUploaded', { percent })
    this.#speakSoon()
  }

  #fail = ({ detail }: CustomEvent<UploadEventDetails['file-failed']>): void => {
    this.#failures.push(`${displayName(detail.file.name)}: ${this.#localize.error(detail.error)}`)
    this.#speakSoon()
  }

  #complete = (): void => {
    this.#started = 0
    this.#quarter = 0
    this.#share = ''
    if (this.#engine) this.say(`${summary(this.#engine, this.#localize)}.`)
  }
}
