/** A file that is in the bucket already, as in a form for editing. */
export interface ExistingFile {
  /** Object key, or another id of the site. The form sends it. */
  readonly key: string
  readonly name: string
  /** Bytes. */
  readonly size?: number | undefined
  /** Media type. */
  readonly type?: string | undefined
  /** URL where the file can be opened. */
  readonly url?: string | undefined
}

/** A file that was uploaded before the browser restored the page. */
export interface RestoredFile extends ExistingFile {
  /** Its URL without a signature: for the form only, since a private bucket rejects it. */
  readonly address?: string | undefined
  /** What was sent along with it. */
  readonly meta?: Readonly<Record<string, string>> | undefined
  /** The signer's statement of what is stored. */
  readonly receipt?: string | undefined
}

/**
 * The files that are in the bucket already, and which of them are to be removed.
 */
export class ExistingFiles {
  readonly #changed: (isByHand: boolean) => void
  #given: readonly ExistingFile[] = []
  #restored: readonly RestoredFile[] = []
  readonly #removed = new Set<string>()

  /** @param changed is called after each change; `isByHand` if a person removed or kept a file */
  constructor(changed: (isByHand: boolean) => void) {
    this.#changed = changed
  }

  /** The files that the page has named. */
  get given(): readonly ExistingFile[] {
    return this.#given
  }

  set given(files: readonly ExistingFile[]) {
    this.#given = files
    this.#changed(false)
  }

  /** All files, including the removed ones. */
  get all(): readonly RestoredFile[] {
    const keys = new Set(this.#given.map((file) => file.key))
    return [...this.#given, ...this.#restored.filter((file) => !keys.has(file.key))]
  }

  get kept(): readonly RestoredFile[] {
    return this.all.filter((file) => !this.isRemoved(file))
  }

  /** The files that the page has named and that were removed since. */
  get removed(): readonly ExistingFile[] {
    return this.#given.filter((file) => this.isRemoved(file))
  }

  isRemoved({ key }: ExistingFile): boolean {
    return this.#removed.has(key)
  }

  /** Removes a file, or keeps it after all if it was removed. */
  toggle({ key }: ExistingFile): void {
    if (!this.#removed.delete(key)) this.#removed.add(key)
    this.#changed(true)
  }

  /** Back to the state in which the page was loaded, or in which it was left. */
  reset(restored: readonly RestoredFile[] = [], removed: readonly string[] = []): void {
    this.#restored = restored
    this.#removed.clear()
    for (const key of removed) this.#removed.add(key)
    this.#changed(false)
  }
}

/** Reads the files from markup: `<a href="…" data-key="…" data-size="…">name</a>`, in a list or not. */
export function existingIn(elements: readonly Element[]): ExistingFile[] {
  return elements
    .flatMap((element) =>
      element.matches('[data-key]') ? [element] : [...element.querySelectorAll('[data-key]')],
    )
    .map((element) => {
      const { key = '', size, type } = (element as HTMLElement).dataset
      return {
        key,
        name: element.textContent?.trim() || key,
        size: size ? Number(size) : undefined,
        type,
        url: (element as HTMLAnchorElement).href || undefined,
      }
    })
}
