import type { ObjectOption } from '../../s3/service-facts.ts'
import type { NewObject, RequestContext } from '../api/context.ts'
import type { ObjectOptions } from '../api/object-options.ts'
import { mayBeShown } from '../links/media-type.ts'
import { toHeaders } from '../object-options/to-headers.ts'

/** Headers that have the bucket keep something along with an object. */
export interface StoredHeaders {
  all: Record<string, string>
  /**
   * Whether a form can carry them. Many a server drops most of what a form has besides the type: so only
   * what it is known to keep, or what a signed link says as well, may go that way.
   */
  inForm: boolean
}

/**
 * The headers that have the bucket keep what `objectOptions` says. They are signed, so that they can neither be
 * left out nor changed.
 *
 * @throws {SignerError} `bad-request` when metadata or tags cannot be kept
 */
export async function storedHeaders(
  { settings, call, now }: RequestContext,
  { key, name, size, type, encoding }: NewObject,
  meta: Record<string, string> = {},
): Promise<StoredHeaders> {
  const { bucket, checksum, isOwn, hasPlainLinks } = settings
  const file = { name, size, type }
  const said = (await settings.objectOptions({ ...call, key, file, meta })) ?? {}
  const wish = encoding ? { ...said, contentEncoding: encoding } : said
  // What a stranger uploads must not run under the bucket's origin, however a link to it was made.
  const mustBeSaved = !isOwn && !mayBeShown(type)
  const kept: ObjectOptions = mustBeSaved ? { ...wish, contentDisposition: 'attachment' } : wish
  const needed = namesOf(mustBeSaved && hasPlainLinks ? kept : wish)
  return {
    all: toHeaders(kept, { bucket, name, now, hasChecksum: checksum !== undefined }),
    inForm: needed.every((option) => bucket.keepsOfForm.includes(option)),
  }
}

/** What is said of an object. What is wrong with it is told elsewhere. */
function namesOf(options: ObjectOptions): ObjectOption[] {
  const said = Object.entries(options).filter(([, value]) => value !== undefined)
  return said.map(([option]) => option as ObjectOption)
}
