import { LitElement, type PropertyDeclarations } from 'lit'
import type { FileToAdd, UploadEngine } from '../../engine/index.ts'
import {
  type LocaleSettings,
  Localize,
  type LocalizedHost,
  type OwnStrings,
} from '../../i18n/localize.ts'
import type { ExistingFiles } from './existing-files.ts'

/**
 * An element that others can be bound to. It fires `owner-change` when its engine is another one, or
 * something else of what is here has changed.
 */
export interface EngineOwner extends LocaleSettings, HTMLElement {
  engine: UploadEngine | undefined
  /** Takes files in place of the engine. */
  add?(files: Iterable<File | FileToAdd>): string[]
  /** Files cannot be added or removed now. */
  isLocked?: boolean
  /** Files are only shown. */
  readOnly?: boolean
  /** The files that were there before. */
  existingFiles?: ExistingFiles
  accept?: string | undefined
  multiple?: boolean
}

/**
 * What all elements of the family have in common: an engine to show or to feed, and a language.
 *
 * The engine is the one that is set as a property; else that of the element whose id is in `for`; else
 * that of the `<bucket-upload>` or `<bucket-upload-field>` around. The element redraws when the engine's files change,
 * at most once for each frame.
 */
export abstract class EngineElement extends LitElement implements LocalizedHost {
  static override properties: PropertyDeclarations = {
    for: {},
    locale: {},
    strings: { attribute: false },
  }

  /** The id of the element whose engine this one is bound to. */
  declare for: string | undefined
  /**
   * Language, as a BCP 47 tag. By default that of the element that this one is bound to, or of the page:
   * the nearest `lang` attribute.
   */
  declare locale: string | undefined
  /**
   * Your own texts, by name, and your own sentences, by error code. The others are those of the element
   * that this one is bound to, and of the language.
   */
  declare strings: OwnStrings | undefined

  protected readonly localize = new Localize(this, () => this.#owner)
  #own: UploadEngine | undefined
  #owner: EngineOwner | undefined
  /** The engine whose changes are listened to. */
  #listened: UploadEngine | undefined
  #frame = 0

  /** The engine that this element shows and feeds; `undefined` while it is bound to none. */
  get engine(): UploadEngine | undefined {
    return this.#own ?? this.#owner?.engine
  }

  set engine(engine: UploadEngine | undefined) {
    this.#own = engine
    this.#bind()
  }

  /** The element that this one is bound to. */
  protected get owner(): EngineOwner | undefined {
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

  /** Called when the element starts to listen to an engine, and with `undefined` when it stops. */
  protected engineChanged(_engine: UploadEngine | undefined): void {}

  #findOwner(): void {
    this.#leaveOwner()
    const owner = this.for ? elementById(this, this.for) : uploadAround(this)
    this.#owner = owner
    owner?.addEventListener('owner-change', this.#bind)
    // It may not be defined yet, and then it has no engine.
    const isDefined = !owner || customElements.get(owner.localName) !== undefined
    if (!isDefined) customElements.whenDefined(owner.localName).then(this.#bind)
    if (!owner && this.for && document.readyState === 'loading') this.#findLater()
    this.#bind()
  }

  /** An element further down in the page is not there yet. */
  #findLater(): void {
    const find = () => this.isConnected && this.#findOwner()
    document.addEventListener('DOMContentLoaded', find, { once: true })
  }

  #leaveOwner(): void {
    this.#owner?.removeEventListener('owner-change', this.#bind)
    this.#owner = undefined
  }

  #bind = (): void => {
    const engine = this.isConnected ? this.engine : undefined
    if (engine !== this.#listened) {
      this.#listened?.removeEventListener('change', this.schedule)
      engine?.addEventListener('change', this.schedule)
      this.#listened = engine
      this.engineChanged(engine)
    }
    this.schedule()
  }

  /** Draws the element with the next frame. */
  protected readonly schedule = (): void => {
    // On a server nothing happens, and there are no frames.
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

/** The `<bucket-upload>` or the like that the element is in: in its content, or as a part of it. */
function uploadAround(element: Element): EngineOwner | undefined {
  const around = element.parentElement?.closest<EngineOwner>(OWNERS)
  if (around) return around
  const root = element.getRootNode()
  const host = root instanceof ShadowRoot ? root.host : undefined
  return host?.matches(OWNERS) ? (host as EngineOwner) : undefined
}
