import type { FileStatus, UploadEngine, UploadedFile } from '../../engine/index.ts'
import type { StringKey, Values } from '../../i18n/strings.ts'
import type { ExistingFile, ExistingFiles, RestoredFile } from '../base/existing-files.ts'
import { type FormValue, formEntry, writeState } from './form-entries.ts'
import { HeldSubmit } from './held-submit.ts'

/** The element that is the form field. */
export interface FormFieldHost extends HTMLElement {
  readonly engine: UploadEngine
  readonly existingFiles: ExistingFiles
  readonly value: readonly UploadedFile[]
  readonly kept: readonly RestoredFile[]
  readonly removed: readonly ExistingFile[]
  /** Largest number of files in the form. */
  readonly limit: number | undefined
  readonly name: string | undefined
  readonly removedName: string | undefined
  readonly formValue: FormValue | undefined
  readonly required: boolean
  readonly holdSubmit: boolean
  start(): void
  resume(): void
  /** The element that gets the focus, and that the browser's message points at. */
  readonly anchor: HTMLElement | undefined
  requestUpdate(): void
}

/** Least time between two values during uploads, in ms. It grows with the number of files. */
const PAUSE = 100

const RELEASING = ['processing-started', 'file-uploaded', 'file-failed', 'upload-complete']

/**
 * Makes an element a form field: sets its value, its validity and its custom states. It follows the
 * engine, but does not build a value of many files for each change of one.
 */
export class FormField {
  readonly #host: FormFieldHost
  readonly #internals: ElementInternals
  readonly #text: (key: StringKey, values?: Values) => string
  readonly #submit: HeldSubmit
  #engine: UploadEngine | undefined
  #custom = ''
  #told = ''
  #toldNames = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDirty = false
  #isMuted = false
  #wasActive = false
  /** Whether a message says that the value is invalid. */
  #wasReported = false
  #isChecking = false
  #shown = ''

  constructor(
    host: FormFieldHost,
    internals: ElementInternals,
    text: (key: StringKey, values?: Values) => string,
  ) {
    this.#host = host
    this.#internals = internals
    this.#text = text
    this.#submit = new HeldSubmit({
      mustHold: () => this.#mustHold(),
      reportValidity: () => this.reportValidity(),
      heldChanged: () => this.#setStates(),
    })
    host.addEventListener('owner-change', this.#listen)
    host.addEventListener('invalid', this.#invalid)
  }

  /** What is wrong, once it is shown; otherwise empty. */
  get problem(): string {
    return this.#wasReported ? this.#internals.validationMessage : ''
  }

  /** Whether the submit of the form waits for the uploads. */
  get isHeld(): boolean {
    return this.#submit.isHeld
  }

  get validity(): ValidityState {
    this.#setValidity()
    return this.#internals.validity
  }

  get validationMessage(): string {
    this.#setValidity()
    return this.#internals.validationMessage
  }

  checkValidity(): boolean {
    this.#setValidity()
    this.#isChecking = true
    const isValid = this.#internals.checkValidity()
    this.#isChecking = false
    return isValid
  }

  reportValidity(): boolean {
    this.#setValidity()
    return this.#internals.reportValidity()
  }

  setCustomValidity(message: string): void {
    this.#custom = message
    this.#setValidity()
  }

  /** Call when the element is in another form. */
  formChanged(form: HTMLFormElement | null): void {
    this.#submit.watch(form)
  }

  /** Runs `undo`, then clears the dirty and error state. Fires no events. */
  reset(undo: () => void): void {
    this.#wasReported = false
    this.#submit.drop()
    this.#isMuted = true
    undo()
    this.sync()
    this.#isMuted = false
  }

  /** Call with each event of the engine before the page gets it: its listener may submit the form. */
  notice({ type }: Event): void {
    if (type === 'upload-complete') this.sync()
    // After the listeners of the page.
    if (RELEASING.includes(type)) queueMicrotask(() => this.#release(type))
  }

  /**
   * Sets value and validity, and fires `input` and `change` if the value has changed.
   *
   * @param options.isQuiet fires no events, for a change that no person made
   */
  sync({ isQuiet = false } = {}): void {
    const isLoud = (!isQuiet || this.#isDirty) && !this.#isMuted
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isDirty = false
    const hasChanged = this.#setValue()
    this.#setValidity()
    if (!hasChanged || !isLoud) return
    this.#host.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
    this.#host.dispatchEvent(new Event('change', { bubbles: true }))
  }

  /** Sends a submit that waits after the last file, or drops it with the first that fails. */
  #release(type: string): void {
    const isOver = type === 'file-failed' || !this.#active
    if (!this.isHeld || !isOver) return
    this.sync()
    // People who cancel the last file want to do something else before they submit.
    if (type === 'upload-complete') this.#submit.drop()
    else this.#submit.release()
  }

  #listen = (): void => {
    const { engine } = this.#host
    if (engine === this.#engine) return
    this.#engine?.removeEventListener('change', this.#follow)
    engine.addEventListener('change', this.#follow)
    this.#engine = engine
    this.#follow()
    // A script has set it.
    this.#isDirty = false
    this.sync({ isQuiet: true })
  }

  #follow = (): void => {
    const isActive = this.#active > 0
    // The form is invalid as soon as an upload starts; all the rest can wait.
    if (isActive && !this.#wasActive) this.#setValidity()
    if (isActive) this.#timer ??= setTimeout(() => this.sync(), this.#pause)
    else if (!this.#isDirty || this.#wasActive) queueMicrotask(() => this.#isDirty && this.sync())
    this.#isDirty = true
    this.#wasActive = isActive
  }

  get #pause(): number {
    return Math.max(PAUSE, (this.#engine?.ids.length ?? 0) / 10)
  }

  /** Number of files that are not in the bucket yet. A form does not wait for what the site does with others. */
  get #active(): number {
    return this.#host.engine.progress.active - this.#count('processing')
  }

  #count(status: FileStatus): number {
    return this.#host.engine.counts[status]
  }

  /** Sets the value. Returns whether it has changed. */
  #setValue(): boolean {
    const { name = '', removedName = '', formValue, value, kept, removed } = this.#host
    const files = [...kept, ...value]
    const entries = files.map((file) => formEntry(file, formValue))
    const gone = removed.map((file) => file.key)
    const [told, names] = [
      JSON.stringify([entries, gone, files.map(({ meta }) => meta)]),
      JSON.stringify([name, removedName]),
    ]
    const hasChanged = told !== this.#told
    if (!hasChanged && names === this.#toldNames) return false
    this.#told = told
    this.#toldNames = names
    const data = new FormData()
    if (name) for (const entry of entries) data.append(name, entry)
    if (removedName) for (const key of gone) data.append(removedName, key)
    const given = new Set(this.#host.existingFiles.given)
    const restored = kept.filter((file) => !given.has(file))
    this.#internals.setFormValue(data, writeState([...restored, ...value], removed))
    return hasChanged
  }

  #setValidity(anchor?: HTMLElement): void {
    const { value, kept, limit, required, holdSubmit } = this.#host
    const active = this.#active
    const count = value.length + kept.length
    const isWaiting = active > 0 && !holdSubmit
    const hasFailed = this.#count('failed') > 0
    const isTooMany = limit !== undefined && count > limit
    const isMissing = required && count === 0 && active === 0
    const message =
      this.#custom ||
      (isWaiting && this.#text(this.#whatIsActive(active))) ||
      (hasFailed && this.#text('notUploaded')) ||
      (isTooMany && this.#text('tooMany', { count: limit })) ||
      (isMissing && this.#text('valueMissing')) ||
      ''
    const flags = {
      customError: this.#custom !== '' || isWaiting || hasFailed,
      rangeOverflow: isTooMany,
      valueMissing: isMissing,
    }
    this.#internals.setValidity(flags, message, anchor)
    this.#setStates()
  }

  #whatIsActive(active: number): StringKey {
    if (this.#count('paused') === active) return 'uploadPaused'
    const isManual = this.#host.engine.options.manual
    return isManual && this.#count('queued') === active ? 'notStarted' : 'stillUploading'
  }

  #setStates(): void {
    const { length: count } = this.#host.engine.ids
    const states: [name: string, isOn: boolean][] = [
      ['uploading', this.#active > 0],
      ['done', count > 0 && this.#count('uploaded') === count],
      ['invalid', this.problem !== ''],
      ['holding', this.isHeld],
    ]
    for (const [name, isOn] of states) {
      // Safari has custom states since 17.4.
      if (isOn) this.#internals.states?.add(name)
      else this.#internals.states?.delete(name)
    }
    const shown = `${this.isHeld} ${this.problem}`
    if (shown !== this.#shown) this.#host.requestUpdate()
    this.#shown = shown
  }

  #mustHold(): boolean {
    const { holdSubmit, engine } = this.#host
    if (!holdSubmit || this.#active === 0) return false
    // People who submit want the files to be uploaded.
    if (engine.options.manual) this.#host.start()
    this.#host.resume()
    return true
  }

  /** The browser is about to show what is wrong. Its message needs something to point at. */
  #invalid = (event: Event): void => {
    this.#setValidity(this.#host.anchor)
    if (this.#isChecking) return
    queueMicrotask(() => {
      // A page that prevents the browser's message shows another one.
      if (event.defaultPrevented) return
      this.#wasReported = true
      this.#setStates()
    })
  }
}
