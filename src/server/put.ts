import type { PutRequest, SignedResponse } from '../protocol/index.ts'
import type { Call } from './call.ts'
import { GRANT_LIFE } from './grant.ts'
import { checksumHeader, contentMd5 } from './integrity.ts'
import { makeLink } from './links.ts'
import { admitFile, announce, type NewObject, newObject } from './new-object.ts'
import { unlessTaken } from './overwriting.ts'
import { signForm } from './post-policy.ts'
import { presign } from './presign.ts'
import { SignerError } from './signer-error.ts'
import { storedHeaders } from './stored-headers.ts'

/**
 * Signs what stores one whole file: a URL for a PUT or, where client and bucket can, a form.
 *
 * @throws {SignerError} when the file, its key, its digests or its grant is refused
 */
export async function answerPut(call: Call, request: PutRequest): Promise<SignedResponse> {
  const { settings } = call
  // Before a client is sent to compute a checksum for nothing, and before the hook is asked for a key.
  admitFile(call, request.file)
  const md5 = contentMd5(request)
  const checksum = checksumHeader(request, settings.checksum)
  const { grant, ...object } = await findObject(call, request)
  const stored = await storedHeaders(call, object, request.meta)
  const again = request.grant === undefined ? undefined : request.md5
  const condition = await unlessTaken(call, object.key, again)
  if (request.grant === undefined) await announce(call, object, request.meta)
  // A form has no conditions, and Ceph drops its Cache-Control and Content-Disposition.
  const isPlain = Object.keys({ ...stored, ...condition }).length === 0
  const isForm = request.form && settings.bucket.postPolicy && isPlain
  const upload = isForm
    ? await signPost(call, object, checksum)
    : await signPut(call, object, { ...stored, ...condition, ...md5, ...checksum })
  // A page without a link asks for one when the file is there, and that is when the hook is told.
  const link = settings.onUploaded ? {} : await makeLink(call, object)
  return { id: request.id, key: object.key, ...upload, ...link, grant }
}

async function signPut(
  { settings, now }: Call,
  { key, size, type }: NewObject,
  headers: Record<string, string>,
): Promise<Partial<SignedResponse>> {
  const upload = await presign(settings.bucket, {
    method: 'PUT',
    key,
    // Signed, so that the bucket itself refuses any other size or type.
    headers: { 'Content-Type': type, 'Content-Length': String(size), ...headers },
    expiresIn: settings.uploadExpires,
    now,
  })
  // Content-Length is signed too, but a browser sets it itself and lets no page do so.
  return { method: 'PUT', headers: { 'Content-Type': type, ...headers }, ...upload }
}

async function signPost(
  { settings, now }: Call,
  object: NewObject,
  checksum: Record<string, string>,
) {
  const options = { ...object, checksum, expiresIn: settings.uploadExpires, now }
  return { method: 'POST', ...(await signForm(settings.bucket, options)) }
}

/** A new object, or for another try that of the first one, so that no try leaves a second object. */
async function findObject(call: Call, request: PutRequest): Promise<NewObject & { grant: string }> {
  if (request.grant !== undefined) return grantedObject(call, request, request.grant)
  const object = await newObject(call, request)
  const expires = Math.floor(call.now.getTime() / 1000) + GRANT_LIFE
  const { user } = call
  return {
    ...object,
    grant: await call.grants.issue({ purpose: 'file', ...object, user, expires }),
  }
}

/** Hands back the same grant, whose end stays: nobody can write to a key for longer by asking again. */
async function grantedObject(
  call: Call,
  request: PutRequest,
  grant: string,
): Promise<NewObject & { grant: string }> {
  const file = admitFile(call, request.file)
  const { key, name, size, type } = await call.grants.read(grant, call, 'file')
  if (file.size === size && file.type === type) return { key, name, size, type, grant }
  throw new SignerError('invalid-grant', 'The grant is for another file.')
}
