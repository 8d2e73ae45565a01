import type { ParsedRequest, SignerRequest } from '../../protocol/index.ts'
import type { RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'

/**
 * Asks `rateLimit` about a call.
 *
 * @throws {SignerError} `rate-limited`
 */
export async function limitRate(
  { settings, call }: RequestContext,
  requests: ParsedRequest[],
): Promise<void> {
  if (!settings.rateLimit) return
  const files = requests.filter(isNewFile)
  const seconds = await settings.rateLimit({
    request: call.request,
    context: call.context,
    user: call.user,
    requests: requests.length,
    files: files.length,
    bytes: files.reduce((sum, { file }) => sum + file.size, 0),
  })
  if (seconds === undefined || seconds === null || seconds === 0) return
  if (!(typeof seconds === 'number' && seconds > 0 && seconds < Number.POSITIVE_INFINITY)) {
    throw new Error('"rateLimit" must return seconds, or nothing.')
  }
  const retryAfter = Math.ceil(seconds)
  const message = `Too many requests. Try again in ${retryAfter} seconds.`
  throw new SignerError('rate-limited', message, { retryAfter })
}

/** For another try of the same upload nothing new is stored. */
function isNewFile(
  request: ParsedRequest,
): request is Extract<SignerRequest, { op: 'put' | 'create' }> {
  return request.op === 'create' || (request.op === 'put' && request.grant === undefined)
}
