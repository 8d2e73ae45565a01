import type { Settings } from './config.ts'
import { contentDisposition, type Disposition } from './disposition.ts'
import { canRunScript } from './media-type.ts'
import { presign } from './presign.ts'

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
