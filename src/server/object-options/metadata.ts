import { byteLength } from '../../util/utf8.ts'
import { SignerError } from '../api/signer-error.ts'

/** All metadata of an object, in bytes: names and values together. Storj has the same limit. */
const MAX_METADATA = 2048

/**
 * Metadata as headers.
 *
 * @throws {SignerError} `bad-request` for what cannot be kept, as it may come from a page
 */
export function metadataHeaders(metadata: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = {}
  let size = 0
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[a-z0-9][a-z0-9-]{0,127}$/i.test(name)) {
      throw refused('A name in the metadata must be letters, digits and hyphens.')
    }
    if (typeof value !== 'string') throw refused('A value in the metadata must be a text.')
    const encoded = toAscii(value)
    size += byteLength(name) + byteLength(encoded)
    headers[`x-amz-meta-${name.toLowerCase()}`] = encoded
  }
  if (size <= MAX_METADATA) return headers
  throw refused(`The metadata is longer than ${MAX_METADATA} bytes.`)
}

function refused(message: string): SignerError {
  return new SignerError('bad-request', message)
}

/**
 * A value that survives a header and a signature: as it is, or in encoded words.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2047#section-2
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html for S3's own use of it
 */
function toAscii(value: string): string {
  // White space at an end, or doubled, is not kept by a signature; "=?" would be taken for encoded.
  if (/^([!-~]+( [!-~]+)*)?$/.test(value) && !value.includes('=?')) return value
  const words: string[] = []
  let bytes: number[] = []
  for (const character of value) {
    const next = [...new TextEncoder().encode(character)]
    // 45 bytes are 60 letters of base64, and the word may have 75.
    if (bytes.length + next.length > 45) {
      words.push(word(bytes))
      bytes = []
    }
    bytes.push(...next)
  }
  return [...words, word(bytes)].join(' ')
}

function word(bytes: number[]): string {
  return `=?UTF-8?B?${btoa(String.fromCharCode(...bytes))}?=`
}
