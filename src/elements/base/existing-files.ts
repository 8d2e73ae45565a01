/** A file that was in the bucket before: what an edit form has already. */
export interface ExistingFile {
  /** Object key, or whatever the site knows the file by. It is what the form sends. */
  readonly key: string
  readonly name: string
  /** Bytes. */
  readonly size?: number | undefined
  /** Media type. */
  readonly type?: string | undefined
  /** Where the file can be opened. */
  readonly url?: string | undefined
}

/** What was uploaded before a page was left and came back. */
export interface RestoredFile extends ExistingFile {
  /** Its address without a signature: for the form, and not to be opened, as a private bucket refuses it. */
  readonly address?: string | undefined
}

/**
 * The files that were there before, and which of them are to be removed.
 */
export class ExistingFiles {
  readonly #changed: (isByHand: boolean) => void
  #given: readonly ExistingFile[] = []
  #restored: readonly RestoredFile[] = []
  readonly #removed = new Set<string>()

  /** @param changed is told of each change, and whether a person removed or kept a file */
  constructor(changed: (isByHand: boolean) => void) {
    this.#changed = changed
  }

  /** Those that the page has named. */
  get given(): readonly ExistingFile[] {
    return this.#given
  }

  set given(files: readonly ExistingFile[]) {
    this.#given = files
    this.#changed(false)
  }

  /** All of them, the removed ones too. */
  get all(): readonly RestoredFile[] {
    const keys = new Set(this.#given.map((file) => file.key))
    return [...this.#given, ...this.#restored.filter((file) => !keys.has(file.key))]
  }

  get kept(): readonly RestoredFile[] {
    return this.all.filter((file) => !this.isRemoved(file))
  }

  /** Those that the page has named, and that were removed since. */
  get removed(): readonly ExistingFile[] {
    return this.#given.filter((file) => this.isRemoved(file))
  }

  isRemoved({ key }: ExistingFile): boolean {
    return this.#removed.has(key)
  }

  /** Removes a file, or keeps it after all. */
  toggle({ key }: ExistingFile): void {
    if (!this.#removed.delete(key)) this.#removed.add(key)
    this.#changed(true)
  }

  /** As it was when the page was loaded, or as it was when the page was left. */
  reset(restored: readonly RestoredFile[] = [], removed: readonly string[] = []): void {
    this.#restored = restored
    this.#removed.clear()
    for (const key of removed) this.#removed.add(key)
    this.#changed(false)
  }
}

/** Reads what a page names in its markup: `<a href="…" data-key="…" data-size="…">name</a>`, in a list or not. */
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
