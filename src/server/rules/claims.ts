import type { NewObject, RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { openBucket } from '../sign/bucket-client.ts'
import { amountOf, describeLimit, limitsFor } from './upload-limits.ts'

/** How many uploads whose leases have ended are looked up at a time, where a limit is reached. */
const LOOKED_UP = 32

/** When to come again where nothing can be counted, in seconds. */
const PAUSE = 5

/**
 * How much longer than its URL an upload in one piece may last, in seconds: a bucket asks whether a URL
 * has expired when a request begins.
 */
export const SENDING = 3600

/** What is counted of an upload: its object, and what tells it from others at the same key. */
export type Counted = Pick<NewObject, 'key' | 'size'> & { claim?: string | undefined }

/**
 * Takes an upload's files and bytes of each limit. Asked again for the same upload, it takes nothing
 * more, unless all was given back in between.
 *
 * @param seconds until the bucket may be asked what became of it
 * @throws {SignerError} `rate-limited`, with the seconds to wait, or `quota-reached`
 */
export async function takeClaim(
  context: RequestContext,
  object: Counted,
  seconds: number,
): Promise<void> {
  const { limits, counter } = context.settings.counting ?? {}
  const id = idOf(context, object)
  if (!limits || !counter || id === undefined) return
  const { user, call, shared, settings } = context
  const counted = limitsFor(limits, call.route)
  if (counted.length === 0) return
  const uploader = { user, route: call.route, address: shared.caller.address }
  const amounts = counted.map((limit) => amountOf(limit, uploader, object.size))
  const take = () => counting(settings, async () => await counter.take(id, amounts, seconds))
  let refused = await take()
  // As long as some of those that are in the way turn out to have come to nothing.
  while (refused && (await lookUp(context, amounts[refused.index]?.key ?? ''))) {
    refused = await take()
  }
  if (!refused) return
  const { index, retryAfter } = refused
  const limit = counted[index]
  const reached = limit ? `The limit is reached: ${describeLimit(limit)}.` : 'A limit is reached.'
  if (retryAfter === undefined) throw new SignerError('quota-reached', reached)
  const wait = Math.max(1, Math.ceil(retryAfter))
  const message = `${reached} Try again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`
  throw new SignerError('rate-limited', message, { retryAfter: wait })
}

/** The upload is stored: what it took stays taken. A counter that is not told hears it from the bucket. */
export async function keepClaim(context: RequestContext, object: Counted): Promise<void> {
  const { settings } = context
  const id = idOf(context, object)
  if (id === undefined) return
  try {
    await settings.counting?.counter.keep(id)
  } catch (error) {
    settings.onError(error)
  }
}

/**
 * The upload comes to nothing: what it took is given back.
 *
 * @throws {SignerError} `rate-limited` where nothing can be counted: until its lease ends, nobody but
 *   another try of this call would give it back
 */
export async function giveClaim(context: RequestContext, object: Counted): Promise<void> {
  const { settings } = context
  const id = idOf(context, object)
  if (id === undefined) return
  await counting(settings, async () => await settings.counting?.counter.give(id))
}

/**
 * An upload in parts is aborted. Another call may have completed it just before, and some buckets say
 * nothing of that: so what is stored is looked at.
 *
 * @param isHeard whether the bucket has removed it. Otherwise it is judged when its lease has ended
 * @throws {SignerError} `rate-limited` where nothing can be counted
 */
export async function releaseClaim(
  context: RequestContext,
  object: Counted & Pick<NewObject, 'shared'>,
  isHeard: boolean,
): Promise<void> {
  // At a key that files share, what is there says nothing of this one.
  if (object.shared && !isHeard) return
  if (!object.shared && (await isStored(context.settings, object.key)) !== false) return
  await giveClaim(context, object)
}

/** Whether an object is in the bucket; `undefined` where the bucket does not tell. */
async function isStored(
  settings: RequestContext['settings'],
  key: string,
): Promise<boolean | undefined> {
  const head = { operation: 'HeadObject', method: 'HEAD', key } as const
  const { status, problem } = await openBucket(settings).ask(head)
  if (problem === undefined) return true
  return status === 404 ? false : undefined
}

/** The bucket is part of it, for signers with several; and the key, which a hook may choose anew. */
function idOf(
  { settings: { bucket, counting } }: RequestContext,
  { key, claim }: Counted,
): string | undefined {
  if (!counting || claim === undefined) return undefined
  return `${claim} ${bucket.endpoint} ${bucket.bucket} ${key}`
}

/**
 * Asks the bucket what became of uploads whose leases have ended, of which nobody has said anything.
 *
 * @returns whether some have been given back
 */
async function lookUp(context: RequestContext, key: string): Promise<boolean> {
  const { counter } = context.settings.counting ?? {}
  if (!counter) return false
  const { settings } = context
  const ids = await counting(settings, async () => await counter.ended(key, LOOKED_UP))
  const found = await Promise.all(ids.map((id) => judge(context, id)))
  return found.includes(true)
}

/** @returns whether what it took was given back */
async function judge({ settings }: RequestContext, id: string): Promise<boolean> {
  const { counter } = settings.counting ?? {}
  const [, endpoint, name, ...rest] = id.split(' ')
  const isHere = endpoint === settings.bucket.endpoint && name === settings.bucket.bucket
  if (!counter || !isHere) return false
  const stored = await isStored(settings, rest.join(' '))
  if (stored) await counting(settings, async () => await counter.keep(id))
  if (stored !== false) return false
  // In the meantime it may have been signed anew.
  await counting(settings, async () => await counter.give(id, true))
  return true
}

/** Nothing is signed that is not counted. */
async function counting<T>(
  { onError }: RequestContext['settings'],
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    onError(error)
    const message = `Uploads cannot be counted at the moment. Try again in ${PAUSE} seconds.`
    throw new SignerError('rate-limited', message, { retryAfter: PAUSE })
  }
}
