import type { ParsedRequest, SignerRequest, SignerResponse } from '../protocol/index.ts'
import { isRefusal } from '../protocol/index.ts'
import type { Call } from './context.ts'
import type { StoredFile } from './operations/stored-headers.ts'
import { SignerError } from './signer-error.ts'

type Awaitable<T> = T | Promise<T>

/** An object that is in the bucket, as a HEAD has shown. */
export interface UploadedObject extends Omit<StoredFile, 'meta'> {
  /** Entity tag without quotes, or "" if the bucket names none. */
  etag: string
}

/** What one call asks for. */
export interface CallSize {
  /** The call. Its body has been read. */
  request: Request
  /** The user, if `authorize` named one. */
  user: string | undefined
  /** All requests in it, those for parts and links too. */
  requests: number
  /** New files among them. */
  files: number
  /** Their sizes together, as the client says. */
  bytes: number
}

/** One call of the signer. Has no URL, no query string, no grant and no header in it but the origin. */
export interface LogEntry {
  /** When it came, as an ISO 8601 date. */
  time: string
  /** Milliseconds until it was answered. */
  duration: number
  /** HTTP status. */
  status: number
  /** Why the whole call was refused. */
  code?: string
  /** The user, if `authorize` named one. */
  user?: string
  /** Origin of the page. */
  origin?: string
  /** What it asked for, in its order. */
  requests: LoggedRequest[]
}

/** One request in a call. */
export interface LoggedRequest {
  /** `unknown` for an operation that is none, `malformed` where it cannot be read. */
  op: ParsedRequest['op']
  /** Object key, where the answer names one. */
  key?: string
  /** Size of the file or part in bytes, as the client says. */
  size?: number
  /** Why it was refused. */
  code?: string
}

/** The hooks of a signer, all optional. */
export interface Hooks {
  /**
   * An upload is about to be allowed: its key is chosen, and nothing is handed out yet. It is waited
   * for, and may throw a `SignerError` to refuse. It may come again with the same key, for a try that
   * is repeated.
   */
  onSigned?: ((file: StoredFile) => Awaitable<void>) | undefined
  /**
   * A file is in the bucket, and a HEAD has confirmed its size and its type: after `complete`, and for
   * a file in one piece when its page asks for the link. With this hook `put` therefore answers without
   * one. It comes once at least, so tell repetitions apart by the key. A page that is closed too early
   * never asks. It is waited for.
   */
  onUploaded?: ((object: UploadedObject) => Awaitable<void>) | undefined
  /**
   * Returns for how many seconds the caller must wait, or nothing to let the call through. Answered
   * with 429.
   */
  rateLimit?: ((call: CallSize) => Awaitable<number | null | undefined>) | undefined
  /** Hears about each call once it is answered. */
  log?: ((entry: LogEntry) => void) | undefined
}

/**
 * Takes the hooks out of a configuration.
 *
 * @param onError hears when `log` fails, which must not turn an answer into a rejection
 * @throws {Error} that names one which is no function
 */
export function readHooks(config: Hooks, onError: (error: unknown) => void): Hooks {
  const { onSigned, onUploaded, rateLimit, log } = config
  const hooks = { onSigned, onUploaded, rateLimit, log }
  for (const [name, hook] of Object.entries(hooks)) {
    if (hook === undefined || typeof hook === 'function') continue
    throw new Error(`"${name}" must be a function.`)
  }
  if (!log) return hooks
  const logSafely: Hooks['log'] = (entry) => {
    try {
      log(entry)
    } catch (error) {
      onError(error)
    }
  }
  return { ...hooks, log: logSafely }
}

/**
 * Asks `rateLimit` about a call.
 *
 * @throws {SignerError} `rate-limited`
 */
export async function limitRate(
  { settings, user }: Call,
  request: Request,
  requests: ParsedRequest[],
): Promise<void> {
  if (!settings.rateLimit) return
  const files = requests.filter(isNewFile)
  const seconds = await settings.rateLimit({
    request,
    user: user ?? undefined,
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

/** What is logged about a request, and about its answer if it has one. */
export function logged(request: ParsedRequest, response?: SignerResponse): LoggedRequest {
  const { op } = request
  const size = 'file' in request ? request.file.size : 'size' in request ? request.size : undefined
  return {
    op,
    ...(size === undefined ? {} : { size }),
    ...(response && outcome(response)),
  }
}

function outcome(response: SignerResponse): Pick<LoggedRequest, 'key' | 'code'> {
  if (isRefusal(response)) return { code: response.error.code }
  return response.key === undefined ? {} : { key: response.key }
}
