import type { ParsedRequest, SignedResponse, SignerResponse } from '../../protocol/index.ts'
import type { RequestContext } from '../api/context.ts'
import { isSignerError, SignerError } from '../api/signer-error.ts'
import { contextOf } from '../rules/route-context.ts'
import { answerAbort } from './abort.ts'
import { answerComplete } from './complete.ts'
import { answerCreate } from './create.ts'
import { answerDiscard } from './discard.ts'
import { answerLink } from './link.ts'
import { answerPart } from './part.ts'
import { answerParts } from './parts.ts'
import { answerPut } from './put.ts'
import { answerStatus } from './status.ts'

/**
 * How many requests of one call are worked on at a time. Each asks the bucket for one thing at a time,
 * so this is also the most that one call asks of the bucket at once.
 */
const AT_A_TIME = 16

/** Answers the requests of one context, in their order. */
export async function answerAll(
  context: RequestContext,
  requests: readonly ParsedRequest[],
): Promise<SignerResponse[]> {
  const responses: SignerResponse[] = []
  const given = new Map<string, Promise<SignerResponse>>()
  /** For how many seconds requests were told to wait. */
  const waits: number[] = []
  let next = 0
  const work = async () => {
    while (next < requests.length) {
      const index = next
      next += 1
      const request = requests[index] as ParsedRequest
      responses[index] = await (isRepeatable(request)
        ? answerOnce(context, request, given, waits)
        : answerRequest(context, request, waits))
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, requests.length) }, work))
  refuseAll(responses, waits)
  return responses
}

/** What is asked twice in one call is done once. */
async function answerOnce(
  context: RequestContext,
  request: ParsedRequest,
  given: Map<string, Promise<SignerResponse>>,
  waits: number[],
): Promise<SignerResponse> {
  const { id, ...question } = request
  const asked = JSON.stringify(question)
  const answer = given.get(asked) ?? answerRequest(context, request, waits)
  given.set(asked, answer)
  return { ...(await answer), id }
}

/** Whether a request asks the bucket, and means the same thing however often it is asked. */
function isRepeatable(request: ParsedRequest): boolean {
  if (request.op === 'create') return request.nonce !== undefined
  return ['complete', 'abort', 'link', 'discard', 'status'].includes(request.op)
}

/** Answers one request. What goes wrong is that request's own refusal, and not that of the others. */
async function answerRequest(
  context: RequestContext,
  request: ParsedRequest,
  waits: number[],
): Promise<SignerResponse> {
  try {
    return await answer(context, request)
  } catch (error) {
    const { code, message, checksum, retryAfter } = toRefusal(context, error)
    if (code === 'rate-limited' && retryAfter !== undefined) waits.push(retryAfter)
    return { id: request.id, error: { code, message, ...(checksum ? { checksum } : {}) } }
  }
}

/**
 * Where all has to wait, the whole call has to: only its status and its headers say for how long.
 *
 * @throws {SignerError} `rate-limited`
 */
function refuseAll(responses: readonly SignerResponse[], waits: readonly number[]): void {
  const refusals = responses.flatMap((each) => ('error' in each && each.error ? [each.error] : []))
  const limited = refusals.filter(({ code }) => code === 'rate-limited')
  const [first] = limited
  if (!first || waits.length === 0 || limited.length < responses.length) return
  throw new SignerError('rate-limited', first.message, { retryAfter: Math.min(...waits) })
}

function toRefusal({ settings }: RequestContext, error: unknown): SignerError {
  if (isSignerError(error)) return error
  settings.onError(error)
  return new SignerError('internal-error', 'The signer failed. Try again later.')
}

function answer(call: RequestContext, request: ParsedRequest): Promise<SignedResponse> {
  const context = contextOf(call, request)
  switch (request.op) {
    case 'put':
      return answerPut(context, request)
    case 'create':
      return answerCreate(context, request)
    case 'part':
      return answerPart(context, request)
    case 'parts':
      return answerParts(context, request)
    case 'complete':
      return answerComplete(context, request)
    case 'abort':
      return answerAbort(context, request)
    case 'link':
      return answerLink(context, request)
    case 'discard':
      return answerDiscard(context, request)
    case 'status':
      return answerStatus(context, request)
    case 'malformed':
      throw new SignerError('bad-request', request.message)
    case 'unknown':
      throw new SignerError('unsupported-op', 'This signer does not know this operation.')
  }
}
