import type { CSSResult, nothing, TemplateResult } from 'lit'
import type { UploadEngine } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import type { Binding, EngineElement, EngineOwner } from '../base/engine-element.ts'

/** What draws the content of an element. */
export interface Shown {
  /** The styles of what is shown. They follow those of all elements. */
  readonly styles: CSSResult[]
  /** Called before each {@link render}. */
  willRender?(): void
  render(): TemplateResult | typeof nothing
  /** Called after each {@link render}, when the page is up to date. */
  rendered(): void
}

/**
 * What an element shows, and all that only this needs. Elements that have nothing to show do without:
 * the views are loaded when there is something.
 */
export abstract class View<Host extends EngineElement = EngineElement> implements Shown {
  protected readonly host: Host
  readonly #binding: Binding

  constructor(host: Host, binding: Binding) {
    this.host = host
    this.#binding = binding
  }

  abstract get styles(): CSSResult[]

  willRender(): void {}

  abstract render(): TemplateResult | typeof nothing

  rendered(): void {}

  protected get engine(): UploadEngine | undefined {
    return this.host.engine
  }

  protected get localize(): Localize {
    return this.#binding.localize
  }

  /** The element that the host is bound to. */
  protected get owner(): EngineOwner | undefined {
    return this.#binding.owner()
  }
}

/** The element around, if files can be added to it now and it opens the file dialog itself. */
export function addingOwner(
  host: EngineElement,
  owner: EngineOwner | undefined,
): EngineOwner | undefined {
  const root = host.getRootNode()
  const isInside = owner !== undefined && root instanceof ShadowRoot && root.host === owner
  return isInside && owner.browse && !owner.isLocked ? owner : undefined
}

/** Whether the page has put fields for each row into one of the elements. */
export function hasFields(...elements: (Element | undefined)[]): boolean {
  return elements.some((it) => it?.querySelector(':scope > [slot=fields]'))
}

/** Removes all files from the list, and says so. */
export function clearList(host: EngineElement): void {
  host.engine?.dismissRejections()
  host.engine?.clear()
  host.dispatchEvent(new Event('list-emptied', { bubbles: true, composed: true }))
}
