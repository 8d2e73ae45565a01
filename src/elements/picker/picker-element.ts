import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { type FileToAdd, type ItemToAdd, zipFolders } from '../../engine/index.ts'
import type { StringKey } from '../../i18n/strings.ts'
import { EngineElement, type EngineOwner } from '../base/engine-element.ts'
import { openPicker, takePicked } from '../base/pick-files.ts'
import { views } from '../lazy/lazy-module.ts'

/** Base class of the elements that open a file dialog. */
export abstract class PickerElement extends EngineElement {
  static override shadowRootOptions: ShadowRootInit = {
    ...EngineElement.shadowRootOptions,
    delegatesFocus: true,
  }

  static override properties: PropertyDeclarations = {
    accept: {},
    multiple: { type: Boolean },
    directory: { type: Boolean },
    capture: {},
    zip: { type: Boolean },
    disabled: { type: Boolean, reflect: true },
  }

  /** Types to offer, as for a file input. By default those that the engine accepts. */
  declare accept: string | undefined
  /** Lets people pick several files. By default if the engine takes more than one. */
  declare multiple: boolean
  /** Lets people pick a folder, with everything in it, instead of files. */
  declare directory: boolean
  /** On phones: opens the front camera (`user`) or the back camera (`environment`). */
  declare capture: 'user' | 'environment' | undefined
  /** Whether each folder is uploaded as one zip. By default as its `<bucket-upload>` says. */
  declare zip: boolean
  /** Whether it takes no files. */
  declare disabled: boolean

  constructor() {
    super()
    this.multiple = false
    this.directory = false
    this.zip = false
    this.disabled = false
    // A file may be added soon.
    for (const sign of ['pointerenter', 'focusin', 'dragenter']) {
      this.addEventListener(sign, this.prepare, { once: true })
    }
  }

  /** Loads what uploads and what shows files. */
  protected readonly prepare = (): void => {
    void this.engine?.prepare()
    void views.load()
  }

  /** Opens the file dialog. Browsers allow this only while a click or key press is handled. */
  browse(): void {
    const { isDisabled, accepted: accept, takesMany: multiple, directory, capture } = this
    const input = this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')
    if (!isDisabled && input) openPicker(input, { accept, multiple, directory, capture })
  }

  /** Whether this element is disabled, or its owner takes no files now. */
  protected get isDisabled(): boolean {
    return this.disabled || this.owner?.isLocked === true || !this.engine
  }

  protected get accepted(): string | undefined {
    return this.accept ?? this.owner?.accept ?? this.engine?.options.accept
  }

  protected get takesMany(): boolean {
    return (
      this.multiple ||
      this.directory ||
      (this.owner?.multiple ?? this.engine?.options.maxFiles !== 1)
    )
  }

  /** The text of the button that opens the file dialog. */
  protected get browseText(): StringKey {
    if (this.directory) return 'chooseFolder'
    return this.takesMany ? 'chooseFiles' : 'chooseFile'
  }

  /** What takes the files: the owner, or else the engine. */
  protected get target(): { add(files: Iterable<ItemToAdd>): unknown } | undefined {
    const { owner, engine } = this
    return owner?.add ? (owner as Required<EngineOwner>) : engine
  }

  /** Adds files; with `zip`, each folder as one. What takes them is asked before: the element may leave the page. */
  protected async take(files: (File | FileToAdd)[], target = this.target): Promise<void> {
    const isZipped = this.zip || this.owner?.zip
    target?.add(isZipped ? await zipFolders(files, this.engine?.options) : files)
  }

  protected input(): TemplateResult {
    return html`<input
      type="file"
      hidden
      tabindex="-1"
      accept=${this.accepted || nothing}
      capture=${this.capture ?? nothing}
      ?webkitdirectory=${this.directory}
      ?multiple=${this.takesMany}
      ?disabled=${this.isDisabled}
      @change=${this.#pick}
    />`
  }

  #pick = (event: Event): void => {
    void this.take(takePicked(event.target as HTMLInputElement))
  }
}
