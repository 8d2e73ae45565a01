import type { SignerFunction } from 'bucket-upload'

const address = import.meta.env.VITE_SIGNER ?? '/sign'

/**
 * Asks the site's own signer, with the header by which this site knows its own pages. For headers
 * alone, `signerHeaders` would do: a function can also use an API client that the page has anyway.
 */
export const sign: SignerFunction = async (requests, { signal }) => {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken() },
    body: JSON.stringify({ version: 1, requests }),
    signal,
  })
  if (!response.ok) throw new Error(`The signer answered ${response.status}.`)
  const { responses } = await response.json()
  return responses
}

function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
}
