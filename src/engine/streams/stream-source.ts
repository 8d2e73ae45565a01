/** `abortable` of `util/abort.ts`, which is handed over. */
export type Abortable = <T>(promise: Promise<T>, signal: AbortSignal) => Promise<T>

/** Reads a stream once, and no further than it is asked to. */
export class StreamSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #abortable: Abortable
  #chunks: Uint8Array<ArrayBuffer>[] = []
  #held = 0
  #reading: Promise<void> | undefined
  #size = 0
  #isEnded = false

  /** @throws {TypeError} for a stream that something else reads */
  constructor(stream: ReadableStream<Uint8Array>, abortable: Abortable) {
    this.#abortable = abortable
    this.#reader = stream.getReader()
  }

  /** Bytes that were read so far. */
  get size(): number {
    return this.#size
  }

  /** Bytes that were read and not taken. */
  get held(): number {
    return this.#held
  }

  /** Whether all was read. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /**
   * Reads until so many bytes are held, or to the end. After an abort the chunk that was asked for is not
   * lost: the next call gets it.
   *
   * @param read called after each chunk
   * @throws what the stream fails with, or the reason of the signal
   */
  async hold(bytes: number, signal: AbortSignal, read: () => void): Promise<void> {
    while (this.#held < bytes && !this.#isEnded) {
      this.#reading ??= this.#read()
      await this.#abortable(this.#reading, signal)
      read()
    }
  }

  /** All held bytes, which stay held. */
  peek(): Blob {
    return new Blob(this.#chunks)
  }

  /** Takes so many of the held bytes, or all, if there are fewer. */
  take(bytes: number): Blob {
    const taken: Uint8Array<ArrayBuffer>[] = []
    let wanted = Math.min(bytes, this.#held)
    this.#held -= wanted
    let count = 0
    for (const chunk of this.#chunks) {
      if (wanted === 0) break
      taken.push(chunk.subarray(0, wanted))
      if (chunk.length > wanted) {
        this.#chunks[count] = chunk.subarray(wanted)
        break
      }
      wanted -= chunk.length
      count++
    }
    this.#chunks.splice(0, count)
    return new Blob(taken)
  }

  /** Stops reading, and tells the stream why. What is held is forgotten. */
  async cancel(reason?: unknown): Promise<void> {
    this.#chunks = []
    this.#held = 0
    await this.#reader.cancel(reason)
  }

  async #read(): Promise<void> {
    try {
      const { done, value } = await this.#reader.read()
      if (done) this.#isEnded = true
      else this.#add(toBytes(value))
    } finally {
      this.#reading = undefined
    }
  }

  #add(chunk: Uint8Array<ArrayBuffer>): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#held += chunk.length
    this.#size += chunk.length
  }
}

/** @throws {TypeError} for a chunk that is no bytes, such as a text */
function toBytes(chunk: unknown): Uint8Array<ArrayBuffer> {
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk)
  if (!ArrayBuffer.isView(chunk)) throw new TypeError('A chunk of the stream is not a Uint8Array.')
  return new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength)
}
