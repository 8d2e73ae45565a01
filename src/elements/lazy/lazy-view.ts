import {
  adoptStyles,
  type LitElement,
  nothing,
  type ReactiveController,
  type TemplateResult,
} from 'lit'
import type { Shown } from '../views/view.ts'
import type { LazyModule } from './lazy-module.ts'

/** Where a view comes from, and when. */
export interface ViewSource<Module, View extends Shown> {
  module: LazyModule<Module>
  create: (module: Module) => View
  /** Whether there is something to show. */
  isNeeded: () => boolean
  /** What is shown while the view is loaded, or if it could not be loaded. */
  otherwise?: () => TemplateResult | typeof nothing
}

/** The view of an element, which is loaded when there is something to show. */
export class LazyView<Module, View extends Shown> implements ReactiveController {
  readonly #host: LitElement
  readonly #source: ViewSource<Module, View>
  #view: View | undefined

  constructor(host: LitElement, source: ViewSource<Module, View>) {
    this.#host = host
    this.#source = source
    host.addController(this)
  }

  /** The view, once there was something to show and it is loaded. */
  get now(): View | undefined {
    return this.#view
  }

  /** What to draw. */
  render(): TemplateResult | typeof nothing {
    const { isNeeded, otherwise } = this.#source
    if (this.#view) return this.#view.render()
    return isNeeded() && otherwise ? otherwise() : nothing
  }

  hostUpdate(): void {
    const { module, create, isNeeded } = this.#source
    if (!this.#view && isNeeded()) {
      const loaded = module.require(this.#host)
      if (loaded) this.#show(create(loaded))
    }
    this.#view?.willRender?.()
  }

  hostUpdated(): void {
    this.#view?.rendered()
  }

  #show(view: View): void {
    this.#view = view
    const { elementStyles } = this.#host.constructor as typeof LitElement
    const [base = [], ...own] = elementStyles
    // Those of an application that extends the class stay last.
    adoptStyles(this.#host.renderRoot as ShadowRoot, [base, view.styles, own].flat())
  }
}
