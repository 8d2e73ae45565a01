import { html, type TemplateResult } from 'lit'
import type { Localize } from '../../i18n/localize.ts'
import { clockText } from './clock-text.ts'
import {
  type KeptRecording,
  leftRecordings,
  type RecordingCopy,
  takeOver,
} from './recording-copy.ts'

/** What the offer needs of its element. */
export interface OfferHost {
  localize: () => Localize
  /** Whether nothing can be added now. */
  isDisabled: () => boolean
  /** Adds the file, and sees to the copy. False if it is not taken. */
  send: (file: File, copy: RecordingCopy) => boolean
  /** What is offered has changed; with `isDeleted`, since people have deleted it. */
  changed: (isDeleted?: boolean) => void
}

/** Offers to send or delete recordings that are left of an earlier page, because its browser was killed. */
export class LeftOffer {
  readonly #host: OfferHost
  #place: string | undefined
  #recordings: readonly KeptRecording[] = []

  constructor(host: OfferHost) {
    this.#host = host
  }

  /** Looks for those of a place, once for each; `undefined` offers none. */
  async look(place: string | undefined): Promise<void> {
    if (place === this.#place) return
    this.#place = place
    if (this.#recordings.length > 0) this.#show([])
    if (place === undefined) return
    const recordings = await leftRecordings(place)
    if (place === this.#place && recordings.length > 0) this.#show(recordings)
  }

  render(): TemplateResult[] {
    return this.#recordings.map((it, index) => this.#offer(it, `left-${index}`))
  }

  #offer(recording: KeptRecording, id: string): TemplateResult {
    const { startedAt, endedAt } = recording
    const localize = this.#host.localize()
    const { language } = localize
    const time = clockText(endedAt - startedAt, language)
    const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
    return html`
      <div class="left" part="left" role="group" aria-labelledby=${id}>
        <div class="about" id=${id}>
          ${localize.text('recordingLeft', { time })}
          <span class="asked">${date.format(startedAt)}</span>
        </div>
        <div class="choice">
          <button
            type="button"
            part="send"
            ?disabled=${this.#host.isDisabled()}
            @click=${() => this.#send(recording)}
          >
            ${localize.text('sendRecording')}
          </button>
          <button type="button" class="plain" part="delete" @click=${() => this.#delete(recording)}>
            ${localize.text('deleteRecording')}
          </button>
        </div>
      </div>
    `
  }

  async #send(recording: KeptRecording): Promise<void> {
    const taken = await takeOver(recording)
    if (taken && !this.#host.send(taken.file, taken.copy)) await taken.copy.close()
    else this.#drop(recording)
  }

  async #delete(recording: KeptRecording): Promise<void> {
    const taken = await takeOver(recording)
    await taken?.copy.delete()
    this.#drop(recording, taken !== undefined)
  }

  #drop(recording: KeptRecording, isDeleted = false): void {
    this.#show(
      this.#recordings.filter((it) => it !== recording),
      isDeleted,
    )
  }

  #show(recordings: readonly KeptRecording[], isDeleted = false): void {
    this.#recordings = recordings
    this.#host.changed(isDeleted)
  }
}
