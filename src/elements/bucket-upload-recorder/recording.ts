import type { RecordingCopy } from './recording-copy.ts'

/** What is recorded: the camera with its microphone, the microphone alone, or the screen. */
export type RecordingKind = 'video' | 'audio' | 'screen'

/** How often the recorder hands out a piece, in ms. */
const PIECE = 1_000

/** All browsers of today play them. WebM comes first: what Chromium makes by itself, not all of them do. */
const TYPES = { video: ['video/webm', 'video/mp4'], audio: ['audio/webm', 'audio/mp4'] } as const

/** Whether this browser, on this page, can record that. Without HTTPS a page has no devices. */
export function canRecord(kind: RecordingKind): boolean {
  const devices: Partial<MediaDevices> | undefined = globalThis.navigator?.mediaDevices
  const open = kind === 'screen' ? devices?.getDisplayMedia : devices?.getUserMedia
  return open !== undefined && typeof globalThis.MediaRecorder === 'function'
}

/**
 * Opens camera, microphone or screen. The browser asks people whether the page may.
 *
 * @throws {DOMException} `NotAllowedError`, `NotFoundError`, `NotReadableError` and others
 * @see https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia
 * @see https://www.w3.org/TR/screen-capture/#dom-mediadevices-getdisplaymedia
 */
export function openMedia(kind: RecordingKind): Promise<MediaStream> {
  const { mediaDevices } = navigator
  if (kind === 'screen') return mediaDevices.getDisplayMedia({ video: true, audio: true })
  // Browsers would give the smallest picture that the camera has.
  const video = kind === 'video' && { width: { ideal: 1280 }, height: { ideal: 720 } }
  return mediaDevices.getUserMedia({ video, audio: true })
}

/** Gives camera, microphone or screen back. */
export function closeMedia(media: MediaStream): void {
  for (const track of media.getTracks()) track.stop()
}

/** One recording, from its start to its end. A recorder waits for nobody: what is not read yet is kept. */
export class Recording {
  /** What is recorded, as bytes. Who cancels it ends the recording. */
  readonly stream: ReadableStream<Uint8Array>
  readonly media: MediaStream
  /** Name of the file, by the time of day. */
  readonly name: string
  /** MIME type, without codecs. */
  readonly type: string
  /** Gets each piece as well. */
  copy: RecordingCopy | undefined
  readonly #recorder: MediaRecorder
  /** Pieces that nobody has read. They are blobs, which a browser may move to the disk. */
  readonly #pieces: Blob[] = []
  #isOver = false
  #isCutShort = false
  #isEmpty = true
  #wake = () => {}

  /**
   * @param over called once, at the end; with `true` if a device was gone or the recorder failed
   * @throws {DOMException} if the browser cannot record this media
   */
  constructor(media: MediaStream, kind: RecordingKind, over: (isCutShort: boolean) => void) {
    const types = TYPES[kind === 'audio' ? 'audio' : 'video']
    const mimeType = types.find((it) => MediaRecorder.isTypeSupported(it))
    const recorder = new MediaRecorder(media, mimeType ? { mimeType } : {})
    this.media = media
    this.#recorder = recorder
    this.type = mimeType ?? types[0]
    this.name = `recording-${timeStamp(new Date())}.${this.type.split('/')[1]}`
    this.stream = new ReadableStream(
      { pull: (controller) => this.#pull(controller), cancel: () => this.#drop() },
      { highWaterMark: 0 },
    )
    recorder.addEventListener('dataavailable', ({ data }) => this.#keep(data))
    recorder.addEventListener('error', () => this.#cutShort())
    recorder.addEventListener('stop', () => {
      this.#isOver = true
      this.#wake()
      closeMedia(media)
      over(this.#isCutShort)
    })
    // Who ends the sharing of a screen, by the browser's own button, ends the recording. Its sound may end before.
    for (const track of kind === 'screen' ? media.getVideoTracks() : media.getTracks()) {
      track.addEventListener('ended', () => (kind === 'screen' ? this.stop() : this.#cutShort()))
    }
  }

  /** @throws {DOMException} if the browser cannot record this media */
  start(): void {
    this.#recorder.start(PIECE)
  }

  /** Ends the recording. The stream ends after the last piece. */
  stop(): void {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop()
  }

  #cutShort(): void {
    this.#isCutShort = true
    this.stop()
  }

  #keep(piece: Blob): void {
    if (piece.size === 0) return
    this.#pieces.push(piece)
    this.copy?.append(piece)
    this.#wake()
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (this.#pieces.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const piece = this.#pieces.shift()
    if (piece) {
      this.#isEmpty = false
      controller.enqueue(new Uint8Array(await piece.arrayBuffer()))
    } else if (this.#isEmpty) controller.error(new Error('Nothing was recorded.'))
    else controller.close()
  }

  #drop(): void {
    this.#pieces.length = 0
    this.stop()
  }
}

/** The time where people are, as in `2026-11-29-16-05-00`. */
function timeStamp(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())]
  const hour = [two(time.getHours()), two(time.getMinutes()), two(time.getSeconds())]
  return [...day, ...hour].join('-')
}
