/** Headers that are added to a signed URL. By default nothing is stored by what is tried here. */
import type { SignedResponse } from '../../../protocol/index.ts'
import { rootOf, textOf } from '../../../s3/xml.ts'
import { type Check, type Context, type Finding, ok, skipped, warning } from './check.ts'
import { targetOf } from './put.ts'
import { readTarget, type Target } from './signed-target.ts'

/** Not that of what is sent, in base64: so a bucket that goes by the signed headers stores nothing. */
const OTHER_MD5 = '1B2M2Y8AsgTpgAmY7PhCfg=='

const REMEDY =
  'Let the signer sign uploads with a key that can write and not read, or sign guard headers along: see "Unsigned headers" in docs/security.md.'

async function checkUnsigned(context: Context): Promise<Finding> {
  const target = targetOf(context.put)
  const source = target && sourceOf(target, context.put.signed?.key)
  if (!source) return skipped('No PUT was signed.')
  return context.store ? tryStored(context) : tryMissing(context, source)
}

/**
 * Has an object copied that is not there. A bucket that looks for it reads headers that are not signed;
 * one that goes by the signature refuses the header, and one that knows no such header the bytes.
 * Whether the key could have read the object, or a guard holds, it does not tell.
 */
async function tryMissing({ probe, file }: Context, source: string): Promise<Finding> {
  const { signed } = await probe.ask({ op: 'put', file, md5: OTHER_MD5 })
  if (!signed?.url) return skipped('No second PUT was signed.')
  const added = { 'x-amz-copy-source': source, 'Content-MD5': OTHER_MD5 }
  const answer = await send(signed, file.size, added)
  if (!answer) return skipped('The bucket cannot be reached from here.')
  if (answer.status !== 404 || textOf(answer.body, 'Code') !== 'NoSuchKey') return ok()
  return warning(
    `The bucket reads headers that are not signed, so a URL for an upload may copy what the key of the signer can read. --store tries whether it does. ${REMEDY}`,
  )
}

const COPIED = `The bucket takes headers that are not signed: a URL for an upload copies whatever the key of the signer can read. ${REMEDY}`

/** Does it, with objects that stay. */
async function tryStored({ probe, file }: Context): Promise<Finding> {
  const sign = async () => (await probe.ask({ op: 'put', file })).signed
  const [first, second, third] = [await sign(), await sign(), await sign()]
  if (!first?.url || !second?.url || !third?.url) return skipped('No other PUT was signed.')
  const stored = await send(first, file.size, {})
  if (!stored) return skipped('The bucket cannot be reached from here.')
  if (stored.status !== 200) return skipped(`The bucket answered ${stored.status} to the file.`)
  const source = sourceOf(readTarget(first.url), first.key)
  const copied = await send(second, file.size, { 'x-amz-copy-source': source })
  if (copied?.status === 200 && rootOf(copied.body) === 'CopyObjectResult') return warning(COPIED)
  const acl = await send(third, file.size, { 'x-amz-acl': 'public-read' })
  const isPublic = acl?.status === 200 && !(await isOpen(first.url)) && (await isOpen(third.url))
  if (!isPublic) return ok('Tried with an object, which stays.')
  return warning(
    'The bucket takes an ACL that is not signed: a URL for an upload makes its object public. Let the signer sign "x-amz-acl: private" along, or the bucket refuse public ACLs.',
  )
}

/** The bucket and the key, as a copy names its source. In path style the path has both. */
function sourceOf({ rawPath, host }: Target, key: string | undefined): string {
  const isHosted = key !== undefined && decodeURIComponent(rawPath) === `/${key}`
  return isHosted ? `/${host.split('.')[0]}${rawPath}` : rawPath
}

async function send(
  { url = '', headers = {} }: SignedResponse,
  size: number,
  added: Record<string, string>,
): Promise<{ status: number; body: string } | undefined> {
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(added)) all.set(name, value)
  const init = { method: 'PUT', headers: all, body: new Uint8Array(size) }
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) })
    return { status: answer.status, body: await answer.text() }
  } catch {
    return undefined
  }
}

/** Whether an object can be read without a signature. */
async function isOpen(url: string): Promise<boolean> {
  const { origin, pathname } = new URL(url)
  const init = { redirect: 'manual', signal: AbortSignal.timeout(20_000) } as const
  const answer = await fetch(`${origin}${pathname}`, init).catch(() => undefined)
  await answer?.arrayBuffer()
  return answer?.status === 200
}

export const UNSIGNED_CHECKS: Check[] = [
  {
    id: 'unsigned-headers',
    about: 'put',
    title: 'its bucket takes no headers that are not signed',
    run: checkUnsigned,
  },
]
