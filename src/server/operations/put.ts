import type { PutRequest, SignedResponse } from '../../protocol/index.ts'
import { MAX_PART_SIZE } from '../../s3/part-size.ts'
import { formatSize } from '../../util/format-size.ts'
import type { NewObject, RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { makeLink } from '../links/make-link.ts'
import { toFields } from '../object-options/to-headers.ts'
import { SENDING, takeClaim } from '../rules/claims.ts'
import { GRANT_LIFE } from '../sign/grant.ts'
import { signForm } from '../sign/post-policy.ts'
import { signUrl } from '../sign/presign.ts'
import { withUnkeptTag } from '../unkept/tag.ts'
import { findStored, IF_NONE_MATCH } from './conditional-write.ts'
import { checksumHeader, contentMd5 } from './integrity.ts'
import { checkFile, newObject, orGive, reserveAndNotify } from './new-object.ts'
import { storedHeaders } from './object-headers.ts'
import { isConfirmed } from './uploaded.ts'

/** What is stored, and the grant for it. */
interface GrantedFile {
  object: NewObject
  grant: string
}

/**
 * Signs what stores one whole file: a URL for a PUT or, where client and bucket can, a form.
 *
 * @throws {SignerError} when the file, its key, its digests or its grant is refused
 */
export async function answerPut(
  context: RequestContext,
  request: PutRequest,
): Promise<SignedResponse> {
  const { settings } = context
  // Before a client is sent to compute a checksum for nothing, and before the hook is asked for a key.
  admitWhole(context, request)
  const md5 = contentMd5(request)
  const checksum = checksumHeader(request, settings.checksum)
  const { object, grant } = await findObject(context, request)
  const { id } = request
  const { key, encoding } = object
  const encoded = encoding ? { encoding } : {}
  const isAgain = request.grant !== undefined
  const stored = await findStored(context, object, isAgain ? { md5: request.md5 } : undefined)
  if (stored)
    return {
      id,
      key,
      stored: true,
      ...stored,
      ...encoded,
      ...(await firstLink(context, object)),
      grant,
    }
  const headers = withUnkeptTag(settings, await storedHeaders(context, object, request.meta))
  const lease = settings.uploadExpires + SENDING
  if (!isAgain) await reserveAndNotify(context, object, { meta: request.meta, lease })
  else if (settings.counting) await takeClaim(context, object, lease)
  const link = isAgain
    ? await firstLink(context, object)
    : await orGive(context, object, async () => firstLink(context, object))
  // A form has no condition by which nothing is replaced.
  const isForm = request.form && settings.bucket.postPolicy && settings.overwrite && headers.inForm
  const upload = isForm
    ? signPost(context, object, { ...toFields(headers.all), ...checksum })
    : signPut(context, object, { ...headers.all, ...md5, ...checksum })
  return { id, key, ...upload, ...encoded, ...link, grant }
}

function admitWhole(context: RequestContext, { file }: PutRequest): void {
  if (checkFile(context, file).size <= MAX_PART_SIZE) return
  const limit = formatSize(MAX_PART_SIZE)
  throw new SignerError('too-large', `The file is too large for one PUT: at most ${limit}.`)
}

/**
 * The link that comes along with an upload. Where the site wants to look at the file first, or where
 * the key may be that of another file, the page asks for it when the file is there.
 */
function firstLink(
  context: RequestContext,
  object: NewObject,
): Partial<SignedResponse> | Promise<Partial<SignedResponse>> {
  return isConfirmed(context, object) ? {} : makeLink(context, object)
}

function signPut(
  { settings, uploadKeys, now }: RequestContext,
  { key, size, type }: NewObject,
  headers: Record<string, string>,
): Partial<SignedResponse> {
  const { bucket, overwrite, uploadExpires: expiresIn } = settings
  const shown = {
    'Content-Type': type,
    // Before the headers, whose ACL counts.
    ...bucket.guardHeaders,
    ...headers,
    ...(overwrite ? {} : IF_NONE_MATCH),
  }
  // Signed, so that the bucket itself refuses any other size. A browser sets it itself, and lets no
  // page do so.
  const signed = { 'Content-Length': String(size), ...shown }
  const upload = signUrl(bucket, uploadKeys, {
    method: 'PUT',
    key,
    headers: signed,
    expiresIn,
    now,
  })
  return { method: 'PUT', headers: shown, ...upload }
}

function signPost(
  { settings, uploadKeys, now }: RequestContext,
  { key, size, type }: NewObject,
  fields: Record<string, string>,
): Partial<SignedResponse> {
  const options = { key, size, type, fields, expiresIn: settings.uploadExpires, now }
  return { method: 'POST', ...signForm(settings.bucket, uploadKeys, options) }
}

/** A new object, or for another try that of the first one, so that no try leaves a second object. */
async function findObject(context: RequestContext, request: PutRequest): Promise<GrantedFile> {
  if (request.grant !== undefined) return grantedObject(context, request, request.grant)
  const { object } = await newObject(context, request)
  const { settings, user, now } = context
  const expires = Math.floor(now.getTime() / 1000) + GRANT_LIFE
  const meta = settings.grants.tagOf(request.meta ?? {})
  const granted = { purpose: 'file' as const, ...object, expires, ...(meta ? { meta } : {}) }
  return { object, grant: settings.grants.issue(granted, user) }
}

/** Hands back the same grant, whose end stays: asking again gives no longer right to write to a key. */
function grantedObject(context: RequestContext, request: PutRequest, grant: string): GrantedFile {
  const file = checkFile(context, request.file)
  const { grants } = context.settings
  const granted = grants.read(grant, context, 'file')
  const { key, name, size, type, encoding, meta, done, shared, claim } = granted
  if (done) throw new SignerError('invalid-grant', 'The file of this grant is stored already.')
  if (
    file.size !== size ||
    file.type !== type ||
    file.encoding !== encoding ||
    grants.tagOf(request.meta ?? {}, grant) !== meta
  ) {
    throw new SignerError('invalid-grant', 'The grant is for another file.')
  }
  const rest = {
    ...(encoding ? { encoding } : {}),
    ...(shared ? { shared } : {}),
    ...(claim ? { claim } : {}),
  }
  return { object: { key, name, size, type, ...rest }, grant }
}
