/** What is sent to S3 as XML, and the names in it. Apart from `xml.ts`, which every page loads. */
import type { CompletedPart } from '../protocol/index.ts'

/** The namespace of what is sent. */
export const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** The name of the element that has a checksum, such as `ChecksumCRC32C`. */
export function checksumElement(algorithm: string): string {
  return `Checksum${algorithm.toUpperCase()}`
}

/** An ETag without its quotes. */
export function unquote(etag: string): string {
  return etag.replaceAll('"', '')
}

/**
 * The body of CompleteMultipartUpload.
 *
 * @param parts in order; values of checksums are base64
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function completeXml(parts: readonly CompletedPart[]): string {
  const items = parts.map(({ partNumber, etag, ...checksums }) => {
    const values = Object.entries(checksums).map(([algorithm, value]) => {
      const name = checksumElement(algorithm)
      return `<${name}>${value}</${name}>`
    })
    const number = `<PartNumber>${partNumber}</PartNumber>`
    return `<Part>${number}<ETag>${escapeXml(`"${etag}"`)}</ETag>${values.join('')}</Part>`
  })
  return `<CompleteMultipartUpload xmlns="${NAMESPACE}">${items.join('')}</CompleteMultipartUpload>`
}

/** Escapes a text for the content of an element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
