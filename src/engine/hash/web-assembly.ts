/**
 * Whether this worker may compile WebAssembly. A Content-Security-Policy that forbids it reports every
 * attempt, so read it first: the response with the worker's own script has it.
 *
 * @see https://www.w3.org/TR/CSP3/#csp-for-workers
 */
export async function mayCompile(): Promise<boolean> {
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
