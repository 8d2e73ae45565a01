import type { SignerOptions } from '../api/options.ts'
import { SignerClient } from './signer-client.ts'

/** One signer by one route, and what was learned of it. A file keeps the one that it began with. */
export interface SignerSession {
  client: SignerClient
  /** Uploads through one signer or route are not resumed through another. */
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
    const scope = scopeOf(this.#options())
    const known = this.#sessions.get(scope)
    if (known) return known
    const session = { scope, client: new SignerClient(this.#optionsFor(scope)) }
    this.#sessions.set(scope, session)
    return session
  }

  /** The options as they are, but for route and signer: that stays the last one of that scope. */
  #optionsFor(scope: string): () => SignerOptions {
    let { signer } = this.#options()
    const { route } = this.#options()
    return () => {
      const options = this.#options()
      if (scopeOf(options) === scope) signer = options.signer
      return { ...options, signer, route }
    }
  }
}

/**
 * Functions count as one signer: frameworks make a new one with each render. A relative URL is another
 * signer on another page.
 */
function scopeOf({ signer, resumeScope = '', route }: SignerOptions): string {
  const address = typeof signer === 'function' ? 'function' : absoluteUrl(String(signer))
  const scope = resumeScope === '' ? address : `${address} ${resumeScope}`
  return route ? `${scope}\n${route}` : scope
}

function absoluteUrl(url: string): string {
  const base = globalThis.document?.baseURI
  return URL.canParse(url, base) ? new URL(url, base).href : url
}
