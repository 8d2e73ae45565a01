import type { LinkRequest, SignedResponse } from '../protocol/index.ts'
import type { Call } from './call.ts'
import type { Settings } from './config.ts'
import { contentDisposition, type Disposition } from './disposition.ts'
import { canRunScript } from './media-type.ts'
import { presign } from './presign.ts'
import { SignerError } from './signer-error.ts'

/** An object to be downloaded. */
export interface DownloadableObject {
  key: string
  /** The name under which it is saved. */
  name: string
  /** Media type, where it is known. */
  type?: string
}

/**
 * Signs a download URL. The bucket then answers with our Content-Disposition, and for an object that
 * is shown also with our Content-Type.
 *
 * @param expiresIn lifetime in seconds
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (response-content-*)
 */
export async function signDownload(
  settings: Settings,
  object: DownloadableObject,
  expiresIn: number,
  now: Date,
  wished: Disposition = settings.disposition,
): Promise<{ downloadUrl: string; downloadExpiresAt: string }> {
  const { key, name, type } = object
  const disposition = type !== undefined && canRunScript(type) ? 'attachment' : wished
  const query: Record<string, string> = {
    'response-content-disposition': contentDisposition(disposition, name),
  }
  if (disposition === 'inline' && type !== undefined) query['response-content-type'] = type
  const { url, expiresAt } = await presign(settings.bucket, {
    method: 'GET',
    key,
    query,
    expiresIn,
    now,
  })
  return { downloadUrl: url, downloadExpiresAt: expiresAt }
}

/**
 * Signs a download link for a caller who has a grant for the object, or whose prefix it is under.
 *
 * @throws {SignerError} `invalid-grant`, `forbidden`, or `bad-request` where neither is named
 */
export async function answerLink(call: Call, request: LinkRequest): Promise<SignedResponse> {
  const { settings, now } = call
  const object = await findObject(call, request)
  const wished = request.expiresIn ?? settings.downloadExpires
  const expiresIn = Math.max(1, Math.min(wished, settings.downloadExpires))
  const download = await signDownload(settings, object, expiresIn, now, request.disposition)
  return { id: request.id, key: object.key, ...download }
}

async function findObject(call: Call, request: LinkRequest): Promise<DownloadableObject> {
  const { grant, key } = request
  if (grant !== undefined) {
    const object = await call.grants.read(grant, call, 'file', 'multipart')
    if (key === undefined || key === object.key) return object
    throw new SignerError('invalid-grant', 'The grant is for another key.')
  }
  if (key === undefined) throw new SignerError('bad-request', 'A link needs a grant or a key.')
  if (call.prefix === '' || !key.startsWith(call.prefix)) {
    throw new SignerError('forbidden', 'You may not have a link to this key.')
  }
  return { key, name: key.slice(key.lastIndexOf('/') + 1) }
}
