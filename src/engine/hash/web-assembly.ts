import type { IHasher } from 'hash-wasm'
import type { Creators, Running } from './hash-loop.ts'

/**
 * The hashes of hash-wasm.
 *
 * @throws DOMException `NotSupportedError` if this worker may not compile WebAssembly
 */
export async function withWebAssembly(
  creators: Record<string, () => Promise<IHasher>>,
): Promise<Creators> {
  if (!(await mayCompile())) {
    throw new DOMException('WebAssembly may not be compiled here.', 'NotSupportedError')
  }
  const entries = Object.entries(creators).map(([name, create]) => [name, reused(create)])
  return Object.fromEntries(entries)
}

/** Creates the hash on first use and reuses it. */
function reused(create: () => Promise<IHasher>): () => Promise<Running> {
  let made: Promise<IHasher> | undefined
  return async () => {
    made ??= create()
    const hasher = (await made).init()
    return { update: (bytes) => hasher.update(bytes), digest: () => hasher.digest('binary') }
  }
}

/**
 * Whether this worker may compile WebAssembly. A Content-Security-Policy that forbids it reports every
 * attempt, so read it first: the response with the worker's own script has it.
 *
 * @see https://www.w3.org/TR/CSP3/#csp-for-workers
 */
export async function mayCompile(): Promise<boolean> {
  if (typeof WebAssembly === 'undefined') return false
  const { href, protocol } = self.location
  // A worker from a blob URL has the policy of its page, which cannot be read.
  if (protocol === 'blob:') return true
  try {
    const { headers } = await fetch(href, { cache: 'force-cache' })
    return allowsWebAssembly(headers.get('Content-Security-Policy') ?? '')
  } catch {
    return true
  }
}

/** Several policies are separated by commas, and all of them apply. */
export function allowsWebAssembly(policies: string): boolean {
  return policies.split(',').every((policy) => {
    const directives = policy.split(';').map((it) => it.trim().toLowerCase().split(/\s+/))
    const named = (name: string) => directives.find(([first]) => first === name)
    const sources = named('script-src') ?? named('default-src')
    return !sources || sources.some((it) => /^'(wasm-)?unsafe-eval'$/.test(it))
  })
}
