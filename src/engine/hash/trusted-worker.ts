type Policy = { createScriptURL(url: string): unknown }
type Factory = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy
}

let policy: Policy | undefined

/**
 * A worker class for pages that enforce Trusted Types, where a plain URL starts no worker. Only the hasher
 * uses it, with the URL of its file.
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
