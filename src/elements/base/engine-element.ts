import { LitElement, type PropertyDeclarations } from 'lit'
import type { ItemToAdd, UploadEngine } from '../../engine/index.ts'
import {
  type LocaleSettings,
  Localize,
  type LocalizedHost,
  type OwnStrings,
} from '../../i18n/localize.ts'
import type { ExistingFiles } from './existing-files.ts'
import type { ShownSettings } from './shown.ts'

/**
 * An element that other elements can be bound to. It fires `owner-change` when its engine or any other of
 * these properties changes.
 */
export interface EngineOwner extends LocaleSettings, ShownSettings, HTMLElement {
  engine: UploadEngine | undefined
  /** Adds files, instead of the engine. */
  add?(files: Iterable<ItemToAdd>): string[]
  /** Files cannot be added or removed now. */
  isLocked?: boolean
  /** Files are shown, and cannot be added or removed. */
  readOnly?: boolean
  /** The files that are in the bucket already. */
  existingFiles?: ExistingFiles
  accept?: string | undefined
  multiple?: boolean
  /** Each folder becomes one file. */
  zip?: boolean
  /** Largest number of files. */
  limit?: number | undefined
  /** Opens the file dialog. */
  browse?(): void
}

/** What an element is bound to, for its view. */
export interface Binding {
  readonly localize: Localize
  readonly owner: () => EngineOwner | undefined
}

/**
 * Base class of all elements: an engine, whose files they show or add to, and a language.
 *
 * The engine is the one set as a property; else that of the element whose id is in `for`; else that of
 * the `<bucket-upload>` or `<bucket-upload-field>` around it. The element redraws when the files of the
 * engine change, at most once per frame.
 */
export abstract class EngineElement extends LitElement implements LocalizedHost {
  static override properties: PropertyDeclarations = {
    for: {},
    locale: {},
    strings: { attribute: false },
    // It has an accessor below. Lit keeps what was set before the tag was defined.
    engine: { attribute: false, noAccessor: true },
  }

  /** The id of the `<bucket-upload>` or `<bucket-upload-field>` that this element is bound to. */
  declare for: string | undefined
  /**
   * Language, as a BCP 47 tag. By default the language of the element that this one is bound to, else of
   * the nearest `lang` attribute.
   */
  declare locale: string | undefined
  /**
   * Your own texts by name, and your own sentences by error code. All others are those of the element
   * that this one is bound to, or of the language.
   */
  declare strings: OwnStrings | undefined

  protected readonly binding: Binding = {
    localize: new Localize(this, () => this.#owner),
    owner: () => this.#owner,
  }
  #own: UploadEngine | undefined
  #owner: EngineOwner | undefined
  /** The engine that this element listens to. */
  #listened: UploadEngine | undefined
  #frame = 0

  /** The engine whose files this element shows or adds to; `undefined` while it is bound to none. */
  get engine(): UploadEngine | undefined {
    return this.#own ?? this.engineOwner?.engine
  }

  set engine(engine: UploadEngine | undefined) {
    this.#own = engine
    this.#bind()
  }

  protected get localize(): Localize {
    return this.binding.localize
  }

  /** The element that this one is bound to. */
  protected get owner(): EngineOwner | undefined {
    return this.#owner
  }

  /** The element whose engine this one uses if it has none. */
  protected get engineOwner(): EngineOwner | undefined {
    return this.#owner
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#findOwner()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#leaveOwner()
    this.#bind()
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('for') && this.isConnected) this.#findOwner()
  }

  /** Called when {@link engine} may be another one, also while the element is not in the page. */
  protected rebound(): void {}

  /** Called when the element starts to listen to an engine, and with `undefined` when it stops. */
  protected engineChanged(_engine: UploadEngine | undefined): void {}

  #findOwner(): void {
    this.#leaveOwner()
    const found = this.for ? elementById(this, this.for) : uploadAround(this)
    const owner = found && !this.#isAround(found) ? found : undefined
    this.#owner = owner
    owner?.addEventListener('owner-change', this.#bind)
    // An owner that is not defined yet has no engine.
    const isDefined = !owner || customElements.get(owner.localName) !== undefined
    // It rejects for a tag that can never be defined, such as a <div>.
    if (!isDefined) customElements.whenDefined(owner.localName).then(this.#bind, () => {})
    if (!owner && this.for && document.readyState === 'loading') this.#findLater()
    this.#bind()
  }

  /** Whether an element is this one, or is bound to it: then this one cannot be bound to it. */
  #isAround(owner: EngineOwner): boolean {
    for (let at: EngineOwner | undefined = owner; at; at = #owner in at ? at.#owner : undefined) {
      if (at === (this as EngineOwner)) return true
    }
    return false
  }

  /** The owner may come later in a page that is still loading. */
  #findLater(): void {
    const find = () => this.isConnected && this.#findOwner()
    document.addEventListener('DOMContentLoaded', find, { once: true })
  }

  #leaveOwner(): void {
    this.#owner?.removeEventListener('owner-change', this.#bind)
    this.#owner = undefined
  }

  #bind = (): void => {
    this.rebound()
    const engine = this.isConnected ? this.engine : undefined
    if (engine !== this.#listened) {
      this.#listened?.removeEventListener('change', this.schedule)
      engine?.addEventListener('change', this.schedule)
      this.#listened = engine
      this.engineChanged(engine)
    }
    if (this.isConnected) this.schedule()
  }

  /** Redraws the element with the next frame. */
  protected readonly schedule = (): void => {
    // A server has no frames.
    if (this.#frame || !globalThis.requestAnimationFrame) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.requestUpdate()
    })
  }
}

function elementById(element: Element, id: string): EngineOwner | undefined {
  const root = element.getRootNode() as Document | ShadowRoot
  return (root.getElementById?.(id) as EngineOwner | null) ?? undefined
}

const OWNERS = 'bucket-upload, bucket-upload-field'

/** The owner that the element is in: in its content, or in its shadow root. */
function uploadAround(element: Element): EngineOwner | undefined {
  const around = element.parentElement?.closest<EngineOwner>(OWNERS)
  if (around) return around
  const root = element.getRootNode()
  const host = root instanceof ShadowRoot ? root.host : undefined
  return host?.matches(OWNERS) ? (host as EngineOwner) : undefined
}
