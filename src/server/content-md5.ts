import { SignerError } from './signer-error.ts'

// 16 bytes in base64. Of the last letter only four values can be: the others have bits to spare.
const MD5 = /^[A-Za-z0-9+/]{21}[AQgw]==$/

/**
 * The header that makes the bucket compare what it gets with what was meant; none without an MD5.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1864 for the form
 * @throws {SignerError} `bad-request`
 */
export function contentMd5(md5: string | undefined): { 'Content-MD5'?: string } {
  if (md5 === undefined) return {}
  if (MD5.test(md5)) return { 'Content-MD5': md5 }
  throw new SignerError('bad-request', '"md5" must be the 16 bytes of an MD5 in base64.')
}
