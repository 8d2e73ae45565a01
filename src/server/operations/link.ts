import type { LinkRequest, SignedResponse } from '../../protocol/index.ts'
import type { RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { checkKey } from '../keys/key.ts'
import { type DownloadableObject, makeLink } from '../links/make-link.ts'
import { openBucket } from '../sign/bucket-client.ts'
import { statusOf } from './status.ts'
import { confirmUpload } from './uploaded.ts'

/**
 * Makes a download link for a caller who has a grant for the object, or whose prefix it is under.
 *
 * @throws {SignerError} `invalid-grant`, `forbidden`, or `bad-request` where neither is named
 */
export async function answerLink(
  context: RequestContext,
  request: LinkRequest,
): Promise<SignedResponse> {
  const { id, grant, key } = request
  if (grant === undefined) {
    const object = await objectByKey(context, request)
    return { id, key: object.key, ...(await makeLink(context, object, request)) }
  }
  const object = context.settings.grants.read(grant, context, 'file')
  if (key !== undefined && key !== object.key) {
    throw new SignerError('invalid-grant', 'The grant is for another key.')
  }
  // What is done with the file has begun, and may have moved it.
  if (object.processing !== undefined) return { id, ...(await statusOf(context, object, request)) }
  const proofs = await confirmUpload(context, object)
  const link = proofs.processing ? {} : await makeLink(context, object, request)
  return { id, key: object.key, ...link, ...proofs }
}

/** @throws {SignerError} `forbidden`, or `bad-request` without a key */
async function objectByKey(
  context: RequestContext,
  { key, disposition }: LinkRequest,
): Promise<DownloadableObject> {
  if (key === undefined) throw new SignerError('bad-request', 'A link needs a grant or a key.')
  if (context.prefix === '' || !key.startsWith(context.prefix)) {
    throw new SignerError('forbidden', 'You may not have a link to this key.')
  }
  const object = { key, name: key.slice(key.lastIndexOf('/') + 1) }
  const wished = disposition ?? context.settings.disposition
  // Only what is shown needs its type, which decides whether it may be.
  const type = wished === 'inline' ? await typeOf(context, key) : {}
  return { ...object, ...type }
}

/** The media type of an object as the bucket has it; nothing where it does not tell. */
async function typeOf({ settings }: RequestContext, key: string): Promise<{ type?: string }> {
  checkKey(key)
  const head = { operation: 'HeadObject', method: 'HEAD', key } as const
  const { problem, headers } = await openBucket(settings).ask(head)
  const type = headers.get('Content-Type')
  return problem === undefined && type ? { type } : {}
}
