import type { CreateRequest, FileDescription, PutRequest } from '../../protocol/index.ts'
import { isoText } from '../../util/iso-date.ts'
import type { NewObject, RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { checkKey, cleanName, cleanPath } from '../keys/key.ts'
import { downloadName } from '../links/disposition.ts'
import { cleanMediaType } from '../links/media-type.ts'
import { giveClaim, takeClaim } from '../rules/claims.ts'
import { checkLimits } from '../rules/limits.ts'
import { reserve } from '../rules/quota.ts'

/** A request for a file with a size. */
type SizedRequest = (PutRequest | CreateRequest) & { file: FileDescription }

/** Where a file goes. */
export interface ChosenObject {
  object: NewObject
  /** Whether the key has the id in it, so that an upload under way at it is one of this very file. */
  hasId: boolean
}

/**
 * The file as it would be stored: with a media type that is one.
 *
 * @throws {SignerError} `too-large`, `too-small` or `type-not-allowed`, or `bad-request` for an encoding
 *   that is not taken
 */
export function checkFile(
  { limits, settings }: RequestContext,
  file: FileDescription,
): FileDescription {
  if (file.encoding !== undefined && file.encoding !== settings.acceptEncoding) {
    throw new SignerError(
      'bad-request',
      'This signer takes no compressed files: set "acceptEncoding".',
    )
  }
  const checked = { ...file, type: cleanMediaType(file.type) }
  checkLimits(checked, limits)
  return checked
}

/**
 * Checks a file and chooses where it goes.
 *
 * @throws {SignerError} as {@link checkFile}, or `invalid-key`, or as the `key` hook refuses
 */
export async function newObject(
  context: RequestContext,
  request: SizedRequest,
): Promise<ChosenObject> {
  const file = checkFile(context, request.file)
  const { name, size, type, encoding } = file
  const id = newId(context, request, file)
  const batch = batchOf(context, request, id)
  const key = await chooseKey(context, request, { id, batch })
  const hasId = key.includes(id)
  const isOwn = hasId || key.includes(batch)
  const object: NewObject = {
    ...{ key, name: downloadName(name), size, type },
    ...(encoding ? { encoding } : {}),
    ...(isOwn ? {} : { shared: true }),
    ...(context.settings.counting ? { claim: id } : {}),
  }
  return { object, hasId }
}

/**
 * Takes a place for an object and tells `onSigned`, before anything is handed out.
 *
 * @param lease seconds until the bucket may be asked what became of the upload
 * @throws {SignerError} `quota-reached`, `rate-limited`, or as the hook refuses
 */
export async function reserveAndNotify(
  context: RequestContext,
  object: NewObject,
  { meta = {}, lease }: { meta?: Record<string, string> | undefined; lease: number },
): Promise<void> {
  const { settings, call } = context
  const { key, name, size, type } = object
  if (context.limits.maxFiles !== undefined) await reserve(context)
  if (settings.counting) await takeClaim(context, object, lease)
  await orGive(context, object, async () => {
    await settings.onSigned?.({ ...call, key, file: { name, size, type }, meta })
  })
}

/** Does something for an upload whose claim is taken; if it fails, the claim is given back. */
export async function orGive<T>(
  context: RequestContext,
  object: NewObject,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (context.settings.counting) await giveClaim(context, object)
    throw error
  }
}

/**
 * Random, unless the client names what its tries have in common. A file of another size or type is
 * another upload.
 */
function newId(
  { settings, user }: RequestContext,
  request: PutRequest | CreateRequest,
  { size, type, encoding }: FileDescription,
): string {
  const nonce = 'nonce' in request ? request.nonce : undefined
  if (nonce === undefined) return crypto.randomUUID().replaceAll('-', '')
  return settings.grants.idOf(
    ['nonce', checkRandom('nonce', nonce), size, type, ...(encoding ? [encoding] : [])],
    user,
  )
}

/** As hard to guess as the client's text, and not that text: a link must not tell how to get in. */
function batchOf(
  { settings, user }: RequestContext,
  { batch }: PutRequest | CreateRequest,
  id: string,
) {
  if (batch === undefined) return id
  return settings.grants.idOf(['batch', checkRandom('batch', batch)], user)
}

function checkRandom(name: string, text: string): string {
  if (/^[\w-]{16,64}$/.test(text)) return text
  const said = `The "${name}" must be 16 to 64 letters, digits, "-" or "_".`
  throw new SignerError('bad-request', said)
}

async function chooseKey(
  context: RequestContext,
  request: SizedRequest,
  random: { id: string; batch: string },
): Promise<string> {
  const { settings, prefix, call } = context
  const { file, meta } = request
  const key = await settings.key({
    ...call,
    ...random,
    name: cleanName(file.name),
    path: cleanPath(file.path ?? file.name),
    file,
    prefix,
    date: isoText(context.now.getTime()).slice(0, 10),
    meta: meta ?? {},
  })
  checkKey(key)
  if (key.startsWith(prefix)) return key
  throw new SignerError('invalid-key', 'The key is outside the place where you may upload.')
}
