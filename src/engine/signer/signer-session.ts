import type { SignerOptions } from '../api/options.ts'
import { SignerClient } from './signer-client.ts'

/** One signer, and what was learned of it. A file keeps the one that it began with. */
export interface SignerSession {
  client: SignerClient
  /** Uploads through one signer are not resumed through another. */
  scope: string
}

/** The signers that an engine has had, each with its own session. */
export class SignerSessions {
  readonly #options: () => SignerOptions
  readonly #sessions = new Map<string, SignerSession>()

  constructor(options: () => SignerOptions) {
    this.#options = options
  }

  /** The session of the signer that the options name now. */
  get current(): SignerSession {
    const scope = scopeOf(this.#options().signer)
    const known = this.#sessions.get(scope)
    if (known) return known
    const session = { scope, client: new SignerClient(this.#optionsFor(scope)) }
    this.#sessions.set(scope, session)
    return session
  }

  /** The options as they are, but for the signer: it stays the last one of that scope. */
  #optionsFor(scope: string): () => SignerOptions {
    let { signer } = this.#options()
    return () => {
      const options = this.#options()
      if (scopeOf(options.signer) === scope) signer = options.signer
      return { ...options, signer }
    }
  }
}

/** Functions count as one signer: frameworks make a new one with each render. */
function scopeOf(signer: SignerOptions['signer']): string {
  return typeof signer === 'function' ? 'function' : String(signer)
}
