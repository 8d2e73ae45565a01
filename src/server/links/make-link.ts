import type { RequestContext } from '../api/context.ts'
import type { Link } from '../api/link.ts'
import type { Disposition } from '../api/object-options.ts'
import { checkKey } from '../keys/key.ts'
import { mayBeShown } from './media-type.ts'
import { isoDate } from './strategies.ts'

/** A link, as fields of an answer. */
interface LinkFields {
  downloadUrl: string
  downloadExpiresAt?: string
}

/** An object to be downloaded. */
export interface DownloadableObject {
  key: string
  /** The name under which it is saved. */
  name: string
  /** Media type, where it is known. */
  type?: string
}

/** What a link may be wished to be. */
export interface LinkWish {
  /** Lifetime in seconds. */
  expiresIn?: number | undefined
  disposition?: Disposition | undefined
}

/**
 * Makes a download link of the kind that is set up.
 *
 * @throws {SignerError} as a link function refuses
 * @throws {Error} when a link function returns something else than a link
 */
export async function makeLink(
  { settings, call, now }: Pick<RequestContext, 'settings' | 'call' | 'now'>,
  { key, name, type }: DownloadableObject,
  wish: LinkWish = {},
): Promise<LinkFields> {
  // A URL parser would make another key of such a one.
  checkKey(key)
  const isHarmless = type !== undefined && mayBeShown(type)
  const wished = wish.expiresIn ?? settings.downloadExpires
  const link = await settings.link({
    ...call,
    key,
    file: { name, type },
    disposition: isHarmless ? (wish.disposition ?? settings.disposition) : 'attachment',
    expiresIn: Math.max(1, Math.min(wished, settings.downloadExpires)),
    now,
  })
  return readLink('links', link)
}

/**
 * A link that a function of the site has returned, as fields of an answer.
 *
 * @param option which function, for the error
 * @throws {Error} for something else than a link
 */
export function readLink(option: string, link: Link | string): LinkFields {
  const { url, expiresAt } = typeof link === 'string' ? { url: link } : (link ?? {})
  if (typeof url !== 'string' || !isWebUrl(url)) {
    throw new Error(`"${option}" returned something that is not an absolute URL.`)
  }
  return {
    downloadUrl: url,
    ...(expiresAt ? { downloadExpiresAt: isoDate(expiresAt) } : {}),
  }
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text)
}
