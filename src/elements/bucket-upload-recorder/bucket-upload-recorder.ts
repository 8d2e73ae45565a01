import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ItemToAdd } from '../../engine/index.ts'
import { ENGLISH_OF_RECORDER } from '../../i18n/english-of-recorder.ts'
import { addEnglish } from '../../i18n/localize.ts'
import type { StringKey } from '../../i18n/strings.ts'
import { baseStyles } from '../base/base.styles.ts'
import { EngineElement } from '../base/engine-element.ts'
import { icon } from '../parts/icon.ts'
import { recorderStyles } from './bucket-upload-recorder.styles.ts'
import { clockText } from './clock-text.ts'
import { LeftOffer } from './left-offer.ts'
import { canRecord, closeMedia, openMedia, Recording, type RecordingKind } from './recording.ts'
import { RecordingCopy, recordingPlace } from './recording-copy.ts'
import { measureSound } from './sound-level.ts'

/** As many levels of the sound are shown: those of the last seconds. */
const LEVELS = 64

/** Why nothing could be recorded, by the name of what the browser throws. */
const PROBLEMS: Record<string, StringKey> = {
  NotAllowedError: 'recordingRefused',
  SecurityError: 'recordingRefused',
  NotReadableError: 'deviceBusy',
  AbortError: 'deviceBusy',
}

const BUTTONS = {
  video: 'recordVideo',
  audio: 'recordAudio',
  screen: 'recordScreen',
} as const satisfies Record<RecordingKind, StringKey>

const dot = html`<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="7" /></svg>`
const square = html`<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><rect x="6" y="6" width="12" height="12" rx="2" /></svg>`
const failedIcon = icon('M12 8v5m0 3.5v.01M3 12a9 9 0 0 1 18 0 9 9 0 0 1-18 0')

/**
 * A button that records camera, microphone or screen. What it records is uploaded at the same time, as a
 * file of the upload that it is bound to. If the browser is killed, the next page offers to send what was
 * recorded. Where the browser cannot record, it shows nothing.
 *
 * ```html
 * <bucket-upload-recorder for="messages" kind="audio"></bucket-upload-recorder>
 * ```
 *
 * @summary Records camera, microphone or screen, and uploads it meanwhile.
 * @tag bucket-upload-recorder
 *
 * @event {CustomEvent} recording-failed - No recording could be started. `detail.error` is what the browser says, such as a `NotAllowedError`.
 *
 * @slot - Text of the button that starts.
 *
 * @csspart recorder - All of it.
 * @csspart live - The frame around a recording that goes on.
 * @csspart preview - The picture of the camera.
 * @csspart time - How long it has recorded.
 * @csspart level - How loud it is.
 * @csspart button - The button that starts and stops.
 * @csspart problem - Why nothing is recorded.
 * @csspart left - A recording that an earlier page has not sent.
 * @csspart send - The button that sends it.
 * @csspart delete - The button that deletes it.
 */
export class BucketUploadRecorder extends EngineElement {
  static override styles = [baseStyles, recorderStyles]

  static override properties: PropertyDeclarations = {
    kind: {},
    keep: {},
    disabled: { type: Boolean, reflect: true },
  }

  /**
   * What to record: the camera with its microphone (`video`), the microphone alone (`audio`), or the screen
   * (`screen`) with its sound, where the browser gives it.
   *
   * @default 'video'
   */
  declare kind: 'video' | 'audio' | 'screen' | undefined
  /**
   * With `off`, the browser keeps no copy of a recording until it is stored, and nothing of an earlier page is
   * offered. The same goes for an engine with `resume: false`.
   *
   * @default 'on'
   */
  declare keep: 'on' | 'off' | undefined
  /** Whether it starts no recording. One that goes on can be stopped. */
  declare disabled: boolean

  #recording: Recording | undefined
  #isAsking = false
  #startedAt = 0
  #timer: ReturnType<typeof setInterval> | undefined
  #endSound: (() => void) | undefined
  #levels: number[] = []
  #problem: StringKey | undefined
  /** For screen readers. */
  #said: StringKey | undefined
  readonly #left = new LeftOffer({
    localize: () => this.localize,
    isDisabled: () => this.#isDisabled,
    send: (file, copy) => this.#sendLeft(file, copy),
    changed: (isDeleted) => this.#leftChanged(isDeleted),
  })

  constructor() {
    super()
    addEnglish(ENGLISH_OF_RECORDER)
    this.disabled = false
  }

  /** Whether it records. */
  get isRecording(): boolean {
    return this.#recording !== undefined
  }

  /** Starts a recording, once people have allowed it. Browsers ask for the screen only while a click is handled. */
  async record(): Promise<void> {
    const kind = this.#kind
    if (this.isRecording || this.#isAsking || this.#isDisabled || !canRecord(kind)) return
    this.#show({ isAsking: true })
    // What uploads is loaded meanwhile; it also asks before the page is left.
    void this.engine?.prepare()
    let media: MediaStream | undefined
    try {
      media = await openMedia(kind)
      this.#show({})
      // Meanwhile it may have been taken out of the page.
      if (this.isConnected && !this.#isDisabled) this.#begin(media, kind)
    } catch (error) {
      this.#fail(error as DOMException, kind)
    }
    if (media && !this.isRecording) closeMedia(media)
  }

  /** Ends the recording. What is left of it is uploaded then. */
  stop(): void {
    this.#recording?.stop()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.requestUpdate()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // One that is only moved is back already.
    queueMicrotask(() => {
      if (this.isConnected) return
      this.stop()
      void this.#left.look(undefined)
    })
  }

  protected override updated(): void {
    // A film stops when its element is moved.
    const preview = this.renderRoot.querySelector('video')
    if (preview?.paused) preview.play().catch(() => {})
    if (this.isConnected && !this.isRecording) void this.#left.look(this.#place)
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!canRecord(this.#kind)) return nothing
    const { localize } = this
    const recording = this.#recording
    return html`
      <div class="recorder" part="recorder">
        <div class=${recording ? 'live' : 'still'} part=${recording ? 'live' : nothing}>
          ${recording && this.#preview(recording)}
          <div class="bar">
            ${recording && this.#progress()}
            <button
              type="button"
              part="button"
              ?disabled=${!recording && this.#isDisabled}
              @click=${recording ? this.stop : this.record}
            >
              ${recording ? square : dot}
              ${recording ? localize.text('stopRecording') : html`<slot>${localize.text(BUTTONS[this.#kind])}</slot>`}
            </button>
            ${this.#isAsking ? html`<span class="asked">${localize.text('askedToRecord')}</span>` : nothing}
          </div>
        </div>
        <div class="problem" part="problem" role="alert">${
          this.#problem && html`${failedIcon}<span>${localize.text(this.#problem)}</span>`
        }</div>
        ${recording ? nothing : this.#left.render()}
        <div class="visually-hidden" role="status">${this.#said && localize.text(this.#said)}</div>
      </div>
    `
  }

  get #kind(): RecordingKind {
    return this.kind && Object.hasOwn(BUTTONS, this.kind) ? this.kind : 'video'
  }

  get #isDisabled(): boolean {
    return this.disabled || this.owner?.isLocked === true || !this.engine
  }

  /** A picture of the screen would have itself in it, again and again. */
  #preview({ media }: Recording): TemplateResult | typeof nothing {
    const [camera] = media.getVideoTracks()
    if (!camera || this.#kind === 'screen') return nothing
    const isMirrored = camera.getSettings().facingMode !== 'environment'
    return html`<video
      class=${isMirrored ? 'mirrored' : ''}
      part="preview"
      aria-hidden="true"
      autoplay
      playsinline
      .muted=${true}
      .srcObject=${media}
    ></video>`
  }

  #progress(): TemplateResult {
    const levels = [...Array(LEVELS).fill(0), ...this.#levels].slice(-LEVELS)
    return html`
      <span class="time" part="time" role="timer">${dot}${clockText(performance.now() - this.#startedAt, this.localize.language)}</span>
      ${
        this.#endSound
          ? html`<span class="level" part="level" aria-hidden="true"
              >${levels.map((level) => html`<i .style=${`--level: ${level}`}></i>`)}</span
            >`
          : nothing
      }
    `
  }

  #begin(media: MediaStream, kind: RecordingKind): void {
    const recording = new Recording(media, kind, (isCutShort) => this.#end(isCutShort))
    recording.start()
    this.#recording = recording
    const { stream, name, type } = recording
    const [id] = this.#target?.add([{ stream, name, type }]) ?? []
    if (id === undefined) {
      // The owner has said why.
      recording.stop()
      return
    }
    this.#keep(recording, id)
    this.#startedAt = performance.now()
    this.#timer = setInterval(() => this.requestUpdate(), 500)
    this.#endSound = measureSound(media, (level) => this.#hear(level))
    this.#show({ said: 'recordingStarted' })
  }

  /** Keeps what is recorded, for when the browser is killed. */
  #keep(recording: Recording, fileId: string): void {
    const { engine } = this
    const place = this.#place
    if (!engine || place === undefined) return
    const { name, type } = recording
    const now = Date.now()
    const about = { id: crypto.randomUUID(), name, type, startedAt: now, endedAt: now }
    const copy = new RecordingCopy(about, place)
    recording.copy = copy
    copy.deleteWith(engine, fileId)
  }

  #end(isCutShort: boolean): void {
    clearInterval(this.#timer)
    this.#endSound?.()
    this.#endSound = undefined
    this.#levels = []
    this.#recording = undefined
    this.#show(isCutShort ? { problem: 'recordingCutShort' } : { said: 'recordingStopped' })
  }

  #hear(level: number): void {
    this.#levels = [...this.#levels, level].slice(-LEVELS)
    this.requestUpdate()
  }

  #fail(error: DOMException, kind: RecordingKind): void {
    this.#show({ problem: problemOf(error.name, kind) })
    const detail = { error }
    this.dispatchEvent(
      new CustomEvent('recording-failed', { detail, bubbles: true, composed: true }),
    )
  }

  /** Where a recording may be offered later; nothing, if none may be kept. */
  get #place(): string | undefined {
    const { engine } = this
    if (!engine || engine.options.resume === false || this.keep === 'off') return undefined
    return recordingPlace(engine.options, this.#kind, this.for)
  }

  #sendLeft(file: File, copy: RecordingCopy): boolean {
    const { engine } = this
    const [id] = this.#target?.add([file]) ?? []
    if (!engine || id === undefined) return false
    copy.deleteWith(engine, id)
    return true
  }

  async #leftChanged(isDeleted = false): Promise<void> {
    const root = this.shadowRoot
    const hadFocus = root?.activeElement?.closest('.left')
    if (isDeleted) this.#said = 'recordingDeleted'
    this.requestUpdate()
    await this.updateComplete
    // What had the focus is gone, or is now the same button of the next recording.
    if (!hadFocus) return
    const next = root?.querySelector<HTMLElement>('.left button:not(:disabled)')
    const button = next ?? root?.querySelector('button')
    button?.focus()
  }

  /** What takes the file: the owner, or else the engine. */
  get #target(): { add(files: Iterable<ItemToAdd>): string[] } | undefined {
    const { owner, engine } = this
    return owner?.add ? { add: (files) => owner.add?.(files) ?? [] } : engine
  }

  #show({
    isAsking = false,
    problem,
    said,
  }: {
    isAsking?: boolean
    problem?: StringKey
    said?: StringKey
  }): void {
    this.#isAsking = isAsking
    this.#problem = problem
    this.#said = said
    this.requestUpdate()
  }
}

function problemOf(name: string, kind: RecordingKind): StringKey {
  if (kind === 'screen') return name === 'NotAllowedError' ? 'screenRefused' : 'recordingFailed'
  if (name === 'NotFoundError') return kind === 'audio' ? 'noMicrophone' : 'noCamera'
  return PROBLEMS[name] ?? 'recordingFailed'
}
