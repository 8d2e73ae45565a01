import type { ReactiveControllerHost } from 'lit'
import { addEnglish } from '../../i18n/localize.ts'
import { loadModule } from '../../util/load-module.ts'

/** After so many ms a module that could not be loaded is tried again when it is needed. */
const REST = 10_000

/** A module that is loaded when it is needed, once for the page. */
export class LazyModule<Module> {
  readonly #import: () => Promise<Module>
  readonly #needed: LazyModule<unknown> | undefined
  readonly #waiting = new Set<ReactiveControllerHost>()
  #module: Module | undefined
  #loading: Promise<void> | undefined
  #failedAt: number | undefined

  /** @param needed a module without which this one is useless */
  constructor(importModule: () => Promise<Module>, needed?: LazyModule<unknown>) {
    this.#import = importModule
    this.#needed = needed
  }

  /** The module, once it is loaded. */
  get now(): Module | undefined {
    return this.#module
  }

  /** Whether it could not be loaded. */
  get hasFailed(): boolean {
    return this.#failedAt !== undefined
  }

  /** Resolves when it is loaded, or could not be loaded, or at once if it was never needed. */
  get settled(): Promise<void> {
    return this.#loading ?? Promise.resolve()
  }

  /** Loads it. Never rejects. */
  load(): Promise<void> {
    this.#loading ??= this.#load()
    return this.#loading
  }

  /** Returns the module, or loads it and then draws the element again. */
  require(host: ReactiveControllerHost): Module | undefined {
    if (this.#module) return this.#module
    const since = performance.now() - (this.#failedAt ?? Number.NEGATIVE_INFINITY)
    if (since < REST) return undefined
    this.#waiting.add(host)
    void this.load()
    return undefined
  }

  async #load(): Promise<void> {
    const loading = loadModule(this.#import).catch(() => undefined)
    await this.#needed?.load()
    this.#module = this.#needed?.hasFailed ? undefined : await loading
    if (this.#module) this.#failedAt = undefined
    else {
      this.#failedAt = performance.now()
      this.#loading = undefined
    }
    for (const host of this.#waiting) host.requestUpdate()
    this.#waiting.clear()
  }
}

/** What is shown of files. */
export const views = new LazyModule(async () => {
  const module = await import('../views/index.ts')
  addEnglish(module.ENGLISH_OF_VIEWS)
  return module
})
/** What `<bucket-upload-field>` shows. */
export const fieldView = new LazyModule(() => import('../views/field/field-view.ts'), views)

/** Resolves when what is being loaded has come. */
export async function viewsSettled(): Promise<void> {
  await Promise.all([views.settled, fieldView.settled])
}
