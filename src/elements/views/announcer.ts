import type { UploadEngine, UploadEventDetails } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import { percentage } from '../../i18n/measures.ts'
import { failureOf } from '../parts/file-detail.ts'
import { displayName } from '../parts/file-name.ts'
import { summary } from '../parts/summary.ts'

/** Least time between two announcements, in ms. Sooner ones are merged, so that none is cut off. */
const PAUSE = 1_000
/** How many simultaneous failures are announced with their text; the others are counted. */
const FAILURES_SPELLED_OUT = 3

/**
 * Announces an upload to screen readers: its start, each quarter, what the site does then, failures, its end.
 */
export class Announcer {
  readonly #localize: Localize
  readonly #tell: (text: string) => void
  readonly #waiting: string[] = []
  readonly #failures: string[] = []
  /** The latest progress. It replaces one that was not announced yet. */
  #share = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #engine: UploadEngine | undefined
  #quarter = 0
  #started = 0

  /** @param tell puts a text into a live region */
  constructor(localize: Localize, tell: (text: string) => void) {
    this.#localize = localize
    this.#tell = tell
  }

  /** The events to come are those of this engine; without one, nothing more is announced. */
  listen(engine: UploadEngine | undefined): void {
    const { active = 0, loaded = 0, total = 0 } = engine?.progress ?? {}
    // An element that is moved in the page stays with its upload. Another one may be over, unheard.
    if (engine) {
      if (engine !== this.#engine || active === 0) this.#started = 0
      this.#quarter = active > 0 ? quarterOf(loaded, total) : 0
      this.#engine = engine
      return
    }
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#takeAll()
  }

  /** Announces what an event of the engine tells. */
  hear({ type, detail }: CustomEvent): void {
    if (type === 'upload-started') this.#start()
    else if (type === 'upload-progress') this.#progress(detail)
    else if (type === 'processing-started') this.#process(detail)
    else if (type === 'file-failed') this.#fail(detail)
    else this.#complete()
  }

  /** Announces a text, some time after the previous one. */
  say(text: string): void {
    this.#waiting.push(text)
    this.#speakSoon()
  }

  /** Waits a moment, to merge what comes at the same time. */
  #speakSoon(): void {
    this.#timer ??= setTimeout(this.#speak, 50)
  }

  #speak = (): void => {
    const text = this.#takeAll()
    this.#timer = text ? setTimeout(this.#speak, PAUSE) : undefined
    if (text) this.#tell(text)
  }

  /** The text to announce now. Failures come before the summary. */
  #takeAll(): string {
    const failures = this.#failures.splice(0)
    const more = failures.length - FAILURES_SPELLED_OUT
    const texts = [
      this.#share,
      ...failures.slice(0, FAILURES_SPELLED_OUT),
      more > 0 ? this.#localize.text('moreRejected', { count: more }) : '',
      ...this.#waiting.splice(0),
    ]
    this.#share = ''
    return texts.filter(Boolean).join(' ')
  }

  #start(): void {
    const { active = 0, uploaded = 0 } = this.#engine?.progress ?? {}
    if (this.#started > 0) return
    this.#started = active + uploaded
    this.#quarter = 0
    this.say(this.#localize.text('filesAdded', { count: this.#started }))
  }

  #progress({ loaded, total, active, growing }: UploadEventDetails['upload-progress']): void {
    if (active === 0 || total === 0 || growing > 0) return
    const quarter = quarterOf(loaded, total)
    if (quarter <= this.#quarter || quarter > 3) return
    this.#quarter = quarter
    const percent = percentage(quarter / 4, this.#localize)
    this.#share = this.#localize.text('percentUploaded', { percent })
    this.#speakSoon()
  }

  #process({ name }: UploadEventDetails['processing-started']): void {
    this.say(`${displayName(name)}: ${this.#localize.text('processing')}`)
  }

  #fail({ file, error }: UploadEventDetails['file-failed']): void {
    this.#failures.push(
      `${displayName(file.name)}: ${failureOf({ ...file, error }, this.#localize)}`,
    )
    this.#speakSoon()
  }

  #complete(): void {
    this.#started = 0
    this.#quarter = 0
    this.#share = ''
    if (this.#engine) this.say(`${summary(this.#engine, this.#localize)}.`)
  }
}

/** How many quarters are uploaded. */
function quarterOf(loaded: number, total: number): number {
  return total === 0 ? 0 : Math.floor((loaded / total) * 4)
}
