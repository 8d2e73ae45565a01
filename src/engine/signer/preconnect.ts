import type { SignerOptions } from '../api/options.ts'

/** The origins that a connection was asked for. */
const known = new Set<string>()

/**
 * Lets the browser connect to a signer of another origin before the first file is there, which saves two
 * round trips or three. Does nothing for a signer of the page's own origin.
 */
export function preconnect({ signer, signerCredentials }: SignerOptions): void {
  const page = globalThis.document
  if (!page || !signer || typeof signer === 'function') return
  if (!URL.canParse(signer, page.baseURI)) return
  const { origin } = new URL(signer, page.baseURI)
  if (origin === globalThis.location.origin || known.has(origin)) return
  known.add(origin)
  const link = page.createElement('link')
  link.rel = 'preconnect'
  link.href = origin
  // Browsers keep connections with and without cookies apart.
  link.crossOrigin = signerCredentials === 'include' ? 'use-credentials' : 'anonymous'
  page.head.append(link)
}
