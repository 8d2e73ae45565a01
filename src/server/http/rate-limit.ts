import type { ParsedRequest, SignerRequest } from '../../protocol/index.ts'
import type { RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'

/**
 * Asks `rateLimit` about a call.
 *
 * @throws {SignerError} `rate-limited`
 */
export async function limitRate(context: RequestContext, requests: ParsedRequest[]): Promise<void> {
  const { settings, call } = context
  if (!settings.rateLimit) return
  const files = requests.filter(isNewFile)
  const seconds = await settings.rateLimit({
    request: call.request,
    context: call.context,
    user: call.user,
    requests: requests.length,
    files: files.length,
    bytes: files.reduce((sum, request) => sum + mostBytes(request, context), 0),
  })
  if (seconds === undefined || seconds === null || seconds === 0) return
  if (!(typeof seconds === 'number' && seconds > 0 && seconds < Number.POSITIVE_INFINITY)) {
    throw new Error('"rateLimit" must return seconds, or nothing.')
  }
  const retryAfter = Math.ceil(seconds)
  const message = `Too many requests. Try again in ${retryAfter} seconds.`
  throw new SignerError('rate-limited', message, { retryAfter })
}

/** The size of a file; of a stream the most that it may have. */
function mostBytes(
  { file, route }: NewFileRequest,
  { limits, shared: { settings } }: RequestContext,
): number {
  const rules = settings.routes.get(route ?? settings.defaultRoute ?? '')
  return file.size ?? rules?.maxSize ?? limits.maxSize
}

type NewFileRequest = Extract<SignerRequest, { op: 'put' | 'create' }>

/** For another try of the same upload nothing new is stored. */
function isNewFile(request: ParsedRequest): request is NewFileRequest {
  return request.op === 'create' || (request.op === 'put' && request.grant === undefined)
}
