import { UploadError } from '../api/errors.ts'

/** What a cleaned file is put together from: pieces of the original, and bytes in place of others. */
export type Piece = Blob | Uint8Array<ArrayBuffer>

/** How much is read at once, in bytes. */
const WINDOW = 2 ** 18

/** A file, read a window at a time. What is kept of it stays a slice and costs no memory. */
export class Container {
  readonly #file: File
  #start = 0
  #window: Uint8Array<ArrayBuffer> = new Uint8Array()

  constructor(file: File) {
    this.#file = file
  }

  get name(): string {
    return this.#file.name
  }

  /** Bytes. */
  get size(): number {
    return this.#file.size
  }

  /**
   * Up to `length` bytes from `offset`: fewer at the end of the file.
   *
   * @throws {DOMException} if the file cannot be read
   */
  async peek(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const isIn = offset >= this.#start && offset + length <= this.#start + this.#window.length
    if (!isIn) {
      const end = Math.min(this.size, offset + Math.max(length, WINDOW))
      this.#window = new Uint8Array(await this.#file.slice(offset, end).arrayBuffer())
      this.#start = offset
      // Chromium may read a deleted file as empty.
      if (this.#window.length < end - offset) throw new DOMException('', 'NotReadableError')
    }
    return this.#window.subarray(offset - this.#start, offset - this.#start + length)
  }

  /** As {@link peek}, but all of them: a file that ends before is refused. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.peek(offset, length)
    return bytes.length < length ? this.refuse() : bytes
  }

  /** The bytes from `start` to before `end`, as they are. */
  slice(start: number, end: number): Blob {
    return this.#file.slice(start, end)
  }

  /** The file is damaged, or its metadata cannot be told from the picture. */
  refuse(): never {
    throw new UploadError('metadata-not-removed', this.name)
  }
}

/** The bytes of a text, one for each character. */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** The text of bytes, one character for each. */
export function textOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
