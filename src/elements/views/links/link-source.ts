import type { Localize } from '../../../i18n/localize.ts'
import type { EngineElement } from '../../base/engine-element.ts'
import { displayName } from '../../parts/file-name.ts'
import { describeExpiry, hasExpired } from '../../parts/link-expiry.ts'
import type { LinkActions } from './link-actions.ts'
import { LinkState } from './link-state.ts'

/** What can be done with the links of an element, whose code is loaded with the first link. */
export class LinkSource {
  readonly state = new LinkState()
  readonly #host: EngineElement
  readonly #localize: Localize
  #actions: Promise<LinkActions> | undefined

  constructor(host: EngineElement, localize: Localize) {
    this.#host = host
    this.#localize = localize
  }

  /** Loads the code, so that a press on a button does not wait for it. */
  prepare(): void {
    this.#load().catch(() => {})
  }

  async run(act: (links: LinkActions) => unknown): Promise<void> {
    try {
      await act(await this.#load())
    } catch {
      // The next press tries again: there may be a connection then.
      this.#actions = undefined
      this.state.message = this.#localize.text('notCopied')
      this.state.isProblem = true
      this.#host.requestUpdate()
    }
  }

  /** Forgets errors of files that are gone. */
  tidy(): void {
    const { notRenewed } = this.state
    for (const id of notRenewed.keys()) if (!this.#host.engine?.file(id)) notRenewed.delete(id)
  }

  #load(): Promise<LinkActions> {
    this.#actions ??= import('./link-actions.ts').then(
      (module) =>
        new module.LinkActions({
          ...{ state: this.state, displayName, hasExpired },
          engine: () => this.#host.engine,
          text: (key, values) => this.#localize.text(key, values),
          expiryOf: (id) => {
            const file = this.#host.engine?.file(id)
            return file?.status === 'uploaded' ? describeExpiry(file, this.#localize)[0] : ''
          },
          changed: () => this.#host.requestUpdate(),
        }),
    )
    return this.#actions
  }
}
