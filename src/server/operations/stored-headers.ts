import { byteLength } from '../../util/utf8.ts'
import type { Bucket } from '../api/bucket.ts'
import { checkOptions } from '../api/check-options.ts'
import type { NewObject, RequestContext } from '../api/context.ts'
import type { StoreOptions } from '../api/options.ts'
import { SignerError } from '../api/signer-error.ts'
import { contentDisposition } from '../links/disposition.ts'
import { mayBeShown } from '../links/media-type.ts'

/** All metadata of an object, in bytes: names and values together. Storj has the same limit. */
const MAX_METADATA = 2048

const OPTIONS = ['cacheControl', 'disposition', 'metadata', 'storageClass']

/** Headers that have the bucket keep something along with an object. */
export interface StoredHeaders {
  all: Record<string, string>
  /**
   * Whether a form can carry them. Ceph drops what a form has besides the type: so only what a signed
   * link says as well may go that way.
   */
  inForm: boolean
}

/**
 * The headers that have the bucket keep what `store` says. They are signed, so that they can neither be
 * left out nor changed.
 *
 * @throws {SignerError} `bad-request` when the metadata cannot be kept
 */
export async function storedHeaders(
  { settings, call }: RequestContext,
  { key, name, size, type }: NewObject,
  meta: Record<string, string> = {},
): Promise<StoredHeaders> {
  const file = { name, size, type }
  const wish = (await settings.store({ ...call, key, file, meta })) ?? {}
  const isPlain = Object.values(wish).every((value) => value === undefined)
  const inForm = isPlain && !settings.hasPlainLinks
  // What a stranger uploads must not run under the bucket's origin, however a link to it was made.
  if (settings.isOwn || mayBeShown(type))
    return { all: toHeaders(wish, settings.bucket, name), inForm: isPlain }
  return { all: toHeaders({ ...wish, disposition: 'attachment' }, settings.bucket, name), inForm }
}

/**
 * Turns what `store` says into headers.
 *
 * @throws {SignerError} `bad-request` for metadata, which may come from a page
 * @throws {Error} for all else that is wrong
 */
export function toHeaders(
  options: StoreOptions,
  bucket: Bucket,
  name: string,
): Record<string, string> {
  if (typeof options !== 'object' || options === null) {
    throw new Error('"store" must be an object or a function.')
  }
  checkOptions('"store"', options, OPTIONS)
  const { cacheControl, disposition, metadata = {}, storageClass } = options
  if (cacheControl !== undefined && !/^[!-~]([ -~]{0,254}[!-~])?$/.test(cacheControl)) {
    throw new Error('"cacheControl" must be a text such as "public, max-age=3600".')
  }
  if (disposition !== undefined && disposition !== 'attachment' && disposition !== 'inline') {
    throw new Error('"store.disposition" must be "attachment" or "inline".')
  }
  if (storageClass !== undefined) checkStorageClass(storageClass, bucket)
  return {
    ...(cacheControl === undefined ? {} : { 'Cache-Control': cacheControl }),
    ...(disposition && { 'Content-Disposition': contentDisposition(disposition, name) }),
    ...(storageClass === undefined ? {} : { 'x-amz-storage-class': storageClass }),
    ...metadataHeaders(metadata),
  }
}

function checkStorageClass(
  storageClass: string,
  { storageClass: isKnown, provider }: Bucket,
): void {
  if (!isKnown) {
    throw new Error(`"storageClass": ${provider} is not known to have classes for each object.`)
  }
  if (typeof storageClass === 'string' && /^[\w-]{1,64}$/.test(storageClass)) return
  throw new Error('"storageClass" must be a name such as "STANDARD_IA".')
}

function metadataHeaders(metadata: Record<string, string>): Record<string, string> {
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
