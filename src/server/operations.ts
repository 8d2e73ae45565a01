import type { LinkRequest, ParsedRequest, PutRequest, SignerResponse } from '../protocol/index.ts'
import { checkFile } from './check-file.ts'
import type { Settings } from './config.ts'
import { downloadName } from './disposition.ts'
import { GRANT_LIFE, type Grants } from './grant.ts'
import { cleanName, cleanPath } from './key.ts'
import { signDownload } from './links.ts'
import { cleanMediaType } from './media-type.ts'
import { presign } from './presign.ts'
import { SignerError } from './signer-error.ts'

/** What is the same for all requests of one call. */
export interface Call {
  settings: Settings
  grants: Grants
  /** `null` for an anonymous caller. */
  user: string | null
  /** "" or a prefix that ends with "/". */
  prefix: string
  now: Date
}

/** Answers one request. A {@link SignerError} becomes its refusal; other errors are thrown on. */
export async function answerRequest(call: Call, request: ParsedRequest): Promise<SignerResponse> {
  try {
    if (request.op === 'put') return await answerPut(call, request)
    if (request.op === 'link') return await answerLink(call, request)
    throw new SignerError('unsupported-op', 'This signer does not know this operation.')
  } catch (error) {
    if (!(error instanceof SignerError)) throw error
    return { id: request.id, error: { code: error.code, message: error.message } }
  }
}

async function answerPut(call: Call, request: PutRequest): Promise<SignerResponse> {
  const { settings, grants, now } = call
  const file = { ...request.file, type: cleanMediaType(request.file.type) }
  checkFile(file, settings)
  const key = await chooseKey(call, request)
  const { size, type } = file
  const upload = await presign(settings.bucket, {
    method: 'PUT',
    key,
    // Signed, so that the bucket itself refuses any other size or type.
    headers: { 'Content-Type': type, 'Content-Length': String(size) },
    expiresIn: settings.uploadExpires,
    now,
  })
  const object = { key, name: downloadName(file.name), type }
  const download = await signDownload(settings, object, settings.downloadExpires, now)
  const expires = Math.floor(now.getTime() / 1000) + GRANT_LIFE
  return {
    id: request.id,
    key,
    url: upload.url,
    method: 'PUT',
    // Content-Length is signed too, but a browser sets it itself and lets no page do so.
    headers: { 'Content-Type': type },
    expiresAt: upload.expiresAt,
    ...download,
    grant: await grants.issue({ purpose: 'file', ...object, size, user: call.user, expires }),
  }
}

async function chooseKey(call: Call, request: PutRequest): Promise<string> {
  const { settings, prefix, user } = call
  const { file, meta } = request
  const key = await settings.key({
    id: crypto.randomUUID().replaceAll('-', ''),
    name: cleanName(file.name),
    path: cleanPath(file.path ?? file.name),
    file,
    user: user ?? undefined,
    prefix,
    meta: meta ?? {},
  })
  if (key.startsWith(prefix)) return key
  throw new SignerError('invalid-key', 'The key is outside the place where you may upload.')
}

async function answerLink(call: Call, request: LinkRequest): Promise<SignerResponse> {
  const { settings, now } = call
  const object = await findObject(call, request)
  const wished = request.expiresIn ?? settings.downloadExpires
  const expiresIn = Math.max(1, Math.min(wished, settings.downloadExpires))
  const download = await signDownload(settings, object, expiresIn, now, request.disposition)
  return { id: request.id, key: object.key, ...download }
}

/** The object of a link: proven by its grant, or under the prefix of the caller. */
async function findObject(
  call: Call,
  request: LinkRequest,
): Promise<{ key: string; name: string; type?: string }> {
  const { grant, key } = request
  if (grant !== undefined) {
    const object = await call.grants.read(grant, call.user, call.now)
    if (key === undefined || key === object.key) return object
    throw new SignerError('invalid-grant', 'The grant is for another key.')
  }
  if (key === undefined) throw new SignerError('bad-request', 'A link needs a grant or a key.')
  if (call.prefix === '' || !key.startsWith(call.prefix)) {
    throw new SignerError('forbidden', 'You may not have a link to this key.')
  }
  return { key, name: key.slice(key.lastIndexOf('/') + 1) }
}
