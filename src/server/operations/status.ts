import type { Json, SignedResponse, StatusRequest } from '../../protocol/index.ts'
import type { FileGrant, NewObject, RequestContext } from '../api/context.ts'
import type { Processing, ProcessingStatus } from '../api/processing.ts'
import { SignerError } from '../api/signer-error.ts'
import { type LinkWish, makeLink, readLink } from '../links/make-link.ts'
import { MULTIPART_GRANT_LIFE } from '../sign/grant.ts'
import { discardable, discardGrantAfter } from './discard.ts'

/** The most characters of an id, which travels in the grant. */
const MOST_IN_ID = 1024
/** The most characters of data, as JSON. */
const MOST_DATA = 8192

/**
 * `status`: how far the site is with a stored file, and the link once it is done. Only for the grant that
 * came with `processing`, so that nobody can ask about the file of another.
 *
 * @throws {SignerError} `invalid-grant`, or `refused` if the work has failed
 */
export async function answerStatus(
  context: RequestContext,
  { id, grant: token }: StatusRequest,
): Promise<SignedResponse> {
  const grant = context.settings.grants.read(token, context, 'file')
  if (grant.processing === undefined) {
    throw new SignerError('invalid-grant', 'Nothing is done with the file of this grant.')
  }
  return { id, ...(await statusOf(context, grant)) }
}

/** Answers for a file that the site works on. A link is as long as the wish says, at most. */
export async function statusOf(
  context: RequestContext,
  grant: FileGrant,
  wish: LinkWish = {},
): Promise<Omit<SignedResponse, 'id'>> {
  const { settings, call } = context
  const { key, name, size, type, processing: id = '' } = grant
  const file = { name, size, type }
  const status: ProcessingStatus = (await settings.status?.({ ...call, key, file, id })) ?? {}
  if (status.failed !== undefined) throw new SignerError('refused', status.failed)
  if (!status.done) return { key, processing: readProgress('status', status.progress) }
  const { key: now = key, link, data } = status
  const made =
    link === undefined
      ? makeLink(context, { key: now, name, type }, wish)
      : readLink('status', link)
  // What was moved is the site's own.
  const discard = now === key ? await discardGrantAfter(context, grant) : {}
  return { key: now, ...(await made), ...dataOf('status', data), ...discard }
}

/**
 * What the page gets of work that has begun: how far it is, and the grant to ask with.
 *
 * @param headers of the HEAD that has found the object
 * @throws {Error} if the options do not fit, which is a slip of the site
 */
export function beginProcessing(
  context: RequestContext,
  object: NewObject,
  begun: Processing | true,
  headers: Headers,
): Pick<SignedResponse, 'processing' | 'grant'> {
  const { settings, user, now } = context
  if (!settings.status) {
    throw new Error('"onUploaded" returned "processing": "status" must say how far that is.')
  }
  const { id = '', progress } = begun === true ? {} : begun
  if (typeof id !== 'string' || id.length > MOST_IN_ID) {
    throw new Error(
      `"onUploaded": the id of "processing" must be at most ${MOST_IN_ID} characters.`,
    )
  }
  // A week: a long film may wait in a queue, and this grant stores nothing.
  const expires = Math.floor(now.getTime() / 1000) + MULTIPART_GRANT_LIFE
  const { key, name, size, type } = object
  const stored = discardable(context, object, headers)
  const granted = { key, name, size, type, expires, processing: id, ...(stored ? { stored } : {}) }
  const grant: FileGrant = { purpose: 'file', done: true, ...granted }
  return {
    processing: readProgress('onUploaded', progress),
    grant: settings.grants.issue(grant, user),
  }
}

/**
 * Data for the page, as a field of an answer.
 *
 * @param hook who returned it, for the error
 * @throws {Error} if it is longer than it may be, or no JSON
 */
export function dataOf(hook: string, data: unknown): { data?: Json } {
  if (data === undefined) return {}
  const text = JSON.stringify(data) as string | undefined
  if (text !== undefined && text.length <= MOST_DATA) return { data: data as Json }
  throw new Error(`"${hook}": "data" must be at most ${MOST_DATA} characters as JSON.`)
}

function readProgress(hook: string, progress: number | undefined): { progress?: number } {
  if (progress === undefined) return {}
  if (typeof progress === 'number' && progress >= 0 && progress <= 1) return { progress }
  throw new Error(`"${hook}": "progress" must be from 0 to 1.`)
}
