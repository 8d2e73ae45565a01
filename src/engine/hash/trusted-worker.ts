type Policy = { createScriptURL(url: string): unknown }
type Factory = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy
}

let policy: Policy | undefined

/**
 * A worker for pages that enforce Trusted Types, where a bare address starts none. Only the hasher
 * makes one, of the address of its own file.
 *
 * @see https://developer.mozilla.org/docs/Web/API/Trusted_Types_API
 */
export function trustedWorker(): typeof Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: Factory }
  if (!trustedTypes) return Worker
  policy ??= trustedTypes.createPolicy('bucket-upload', { createScriptURL: (url) => url })
  const trust = policy
  return class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(trust.createScriptURL(String(url)) as string, options)
    }
  }
}
