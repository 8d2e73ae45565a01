/** What a bucket holds: objects, and uploads that are not finished. */

/** An object. */
export interface Stored {
  /** Bytes. */
  size: number
  type: string
  /** Without quotes. */
  etag: string
  disposition?: string | undefined
  /** When it was stored, in ms since 1970; the bucket writes it. */
  modified?: number
  /** Whether the site itself stored it, and no upload. */
  isForeign?: true
  /** What it was made of, where it went up in parts. */
  upload?: { id: string; sizes: readonly number[] }
}

export interface Part {
  /** Bytes. */
  size: number
  etag: string
}

/** An upload in parts that is under way. */
export interface Upload {
  key: string
  type: string
  disposition?: string | undefined
  parts: Map<number, Part>
}

export class FakeBucket {
  readonly name: string
  readonly objects = new Map<string, Stored>()
  readonly uploads = new Map<string, Upload>()
  /** All uploads there ever were. */
  readonly begun = new Map<string, Upload>()
  /** What a signer has removed since the call began. */
  readonly removed: { key: string; object: Stored }[] = []
  /** What was at a key since the call began, for those that changed. */
  readonly #during = new Map<string, Stored[]>()
  readonly #now: () => number

  /** @param now the clock, in ms since 1970 */
  constructor(name: string, now: () => number) {
    this.name = name
    this.#now = now
  }

  /** The requests of a call run side by side, so each may have met whatever was there meanwhile. */
  beginCall(): void {
    this.#during.clear()
    this.removed.length = 0
  }

  /** All keys that were written or removed since the call began. */
  changed(): Iterable<string> {
    return this.#during.keys()
  }

  /** All that was at a key since the call began. */
  during(key: string): Stored[] {
    const now = this.objects.get(key)
    return this.#during.get(key) ?? (now ? [now] : [])
  }

  write(key: string, given: Stored): void {
    const object = { ...given, modified: this.#now() }
    this.#during.set(key, [...this.during(key), object])
    this.objects.set(key, object)
  }

  remove(key: string): void {
    this.#during.set(key, this.during(key))
    this.objects.delete(key)
  }

  begin(upload: Omit<Upload, 'parts'>): string {
    const id = `upload-${this.begun.size + 1}`
    const begun = { ...upload, parts: new Map() }
    this.begun.set(id, begun)
    this.uploads.set(id, begun)
    return id
  }

  /** Makes an object of all the parts of an upload. */
  complete(id: string, { key, type, disposition, parts }: Upload): Stored {
    const sorted = [...parts].sort(([one], [other]) => one - other).map(([, part]) => part)
    const bad = sorted.find(({ etag }) => /^(bad|fa7a1)/.test(etag))
    const object: Stored = {
      size: sorted.reduce((sum, { size }) => sum + size, 0),
      type,
      // Real ones hash what is in them. This one only says whether something bad is.
      etag: `${bad?.etag ?? 'c0ffee'.padEnd(32, '0')}-${sorted.length}`,
      disposition,
      upload: { id, sizes: sorted.map(({ size }) => size) },
    }
    this.uploads.delete(id)
    this.write(key, object)
    return object
  }
}
