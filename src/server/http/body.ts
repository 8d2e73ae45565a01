import { SignerError } from '../api/signer-error.ts'

/** Most bytes in the body of a request. A thousand requests of ordinary size take a quarter of it. */
const MAX_BODY_BYTES = 1_000_000

/**
 * Reads the JSON body of a request, and stops reading where it grows too long.
 *
 * Insisting on `application/json` also keeps out forms of other sites: a browser sends that type
 * across origins only after a preflight.
 *
 * @throws {SignerError} `bad-request` with status 415, 413 or 400
 */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new SignerError('bad-request', 'Send the request as application/json.', { status: 415 })
  }
  const text = await readText(request)
  try {
    return JSON.parse(text)
  } catch {
    throw new SignerError('bad-request', 'The body is not JSON.')
  }
}

async function readText(request: Request): Promise<string> {
  const reader = request.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for (;;) {
    const chunk = await reader?.read().catch(() => {
      throw new SignerError('bad-request', 'The body broke off.')
    })
    if (!chunk || chunk.done) return text + decoder.decode()
    length += chunk.value.length
    if (length > MAX_BODY_BYTES) {
      await reader?.cancel()
      throw tooLong()
    }
    text += decoder.decode(chunk.value, { stream: true })
  }
}

function tooLong(): SignerError {
  const message = `The body is longer than ${MAX_BODY_BYTES} bytes. Send fewer requests at a time.`
  return new SignerError('bad-request', message, { status: 413 })
}
