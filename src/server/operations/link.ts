import type { LinkRequest, SignedResponse } from '../../protocol/index.ts'
import type { RequestContext } from '../api/context.ts'
import type { Disposition } from '../api/options.ts'
import { SignerError } from '../api/signer-error.ts'
import { checkKey } from '../keys/key.ts'
import { mayBeShown } from '../links/media-type.ts'
import { isoDate } from '../links/strategies.ts'
import { openBucket } from '../sign/bucket-client.ts'
import { confirmUpload, type Proofs } from './uploaded.ts'

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
): Promise<{ downloadUrl: string; downloadExpiresAt?: string }> {
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
  const { url, expiresAt } = typeof link === 'string' ? { url: link } : (link ?? {})
  if (typeof url !== 'string' || !isWebUrl(url)) {
    throw new Error('"links" returned something that is not an absolute URL.')
  }
  return {
    downloadUrl: url,
    ...(expiresAt ? { downloadExpiresAt: isoDate(expiresAt) } : {}),
  }
}

/**
 * Makes a download link for a caller who has a grant for the object, or whose prefix it is under.
 *
 * @throws {SignerError} `invalid-grant`, `forbidden`, or `bad-request` where neither is named
 */
export async function answerLink(
  context: RequestContext,
  request: LinkRequest,
): Promise<SignedResponse> {
  const { object, ...proofs } = await findObject(context, request)
  const link = await makeLink(context, object, request)
  return { id: request.id, key: object.key, ...link, ...proofs }
}

async function findObject(
  context: RequestContext,
  request: LinkRequest,
): Promise<{ object: DownloadableObject } & Proofs> {
  const { grant, key } = request
  if (grant !== undefined) {
    const object = context.settings.grants.read(grant, context, 'file')
    if (key !== undefined && key !== object.key) {
      throw new SignerError('invalid-grant', 'The grant is for another key.')
    }
    return { object, ...(await confirmUpload(context, object)) }
  }
  if (key === undefined) throw new SignerError('bad-request', 'A link needs a grant or a key.')
  if (context.prefix === '' || !key.startsWith(context.prefix)) {
    throw new SignerError('forbidden', 'You may not have a link to this key.')
  }
  const object = { key, name: key.slice(key.lastIndexOf('/') + 1) }
  const wished = request.disposition ?? context.settings.disposition
  // Only what is shown needs its type, which decides whether it may be.
  const type = wished === 'inline' ? await typeOf(context, key) : {}
  return { object: { ...object, ...type } }
}

/** The media type of an object as the bucket has it; nothing where it does not tell. */
async function typeOf({ settings }: RequestContext, key: string): Promise<{ type?: string }> {
  checkKey(key)
  const head = { operation: 'HeadObject', method: 'HEAD', key } as const
  const { problem, headers } = await openBucket(settings).ask(head)
  const type = headers.get('Content-Type')
  return problem === undefined && type ? { type } : {}
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text)
}
