import { ProtocolError, parseSignerRequest, type SignerResponseBody } from '../protocol/index.ts'
import type { Caller } from './api/caller.ts'
import type {
  BucketSettings,
  MultipartGrant,
  RequestContext,
  SignerSettings,
} from './api/context.ts'
import type { LogEntry } from './api/log-entry.ts'
import type { SignerConfig } from './api/options.ts'
import { isSignerError, SignerError } from './api/signer-error.ts'
import { readJson } from './http/body.ts'
import { identify } from './http/caller.ts'
import { judgeOrigin, preflightHeaders } from './http/cors.ts'
import { logged } from './http/log.ts'
import { limitRate } from './http/rate-limit.ts'
import { answerAll } from './operations/index.ts'
import { limitsOf } from './rules/limits.ts'
import { readConfig } from './settings.ts'
import { keysOf, uploadKeysOf } from './sign/access-keys.ts'

/** Answers the requests of the browser: give it each POST and OPTIONS to the signer's URL. */
export type Signer = (request: Request) => Promise<Response>

/** Most requests in one context. */
const MAX_REQUESTS = 1000

/**
 * Makes a signer: a function that hands out presigned URLs for one bucket.
 *
 * It keeps no state, so any number of copies can run side by side. It never rejects: whatever goes
 * wrong becomes an answer, and what was not expected is told to `onError` only.
 *
 * @typeParam Context what `authorize` returns as `context`, and hooks get
 * @typeParam Route the names of the routes
 * @example export default { fetch: createSigner({ bucket: storj({ … }), authorize }) }
 * @throws {Error} with a sentence that names the option which is missing, wrong or unknown
 */
export function createSigner<Context = undefined, const Route extends string = never>(
  config: SignerConfig<Context, Route>,
): Signer {
  // What the types have to say is said here: inside, a context is anything, and a route is a text.
  return signerOf(readConfig(config as unknown as SignerConfig))
}

/**
 * As {@link createSigner}, for files of the bucket's own owner, as on the command line: a page of theirs
 * is stored as a page.
 */
export function createOwnSigner(config: SignerConfig): Signer {
  return signerOf(readConfig(config, { isOwn: true }))
}

/**
 * The grant of an upload in parts that was begun before, for a signer that {@link createOwnSigner} makes of
 * the same options.
 */
export async function issueOwnGrant(config: SignerConfig, grant: MultipartGrant): Promise<string> {
  const { grants } = await readConfig(config, { isOwn: true }).settingsOf({})
  return grants.issue(grant, null)
}

function signerOf(settings: SignerSettings): Signer {
  return async (request) => {
    const record: Draft = { time: new Date().toISOString(), requests: [] }
    const start = performance.now()
    const response = await respond(request, settings, record)
    const duration = performance.now() - start
    settings.log?.({ ...record, duration, status: response.status })
    return response
  }
}

/** What to log of a context, as far as it is known yet. */
type Draft = Omit<LogEntry, 'duration' | 'status'>

async function respond(
  request: Request,
  settings: SignerSettings,
  record: Draft,
): Promise<Response> {
  const shared: Record<string, string> = {
    'Cache-Control': 'no-store',
    Vary: 'Origin, Access-Control-Request-Headers',
  }
  const origin = request.headers.get('Origin')
  if (origin !== null) record.origin = origin
  try {
    const { allowed, headers } = judgeOrigin(request, settings.allowsOrigin)
    Object.assign(shared, headers)
    if (!allowed) {
      const message = 'Pages of this origin may not use this signer.'
      throw new SignerError('origin-not-allowed', message)
    }
    return await answer(request, settings, shared, record)
  } catch (error) {
    const refusal = toSignerError(error, settings)
    record.code = refusal.code
    return refuse(refusal, shared)
  }
}

async function answer(
  request: Request,
  signer: SignerSettings,
  headers: Record<string, string>,
  record: Draft,
): Promise<Response> {
  if (request.method === 'OPTIONS') {
    // A page that was not granted the origin header gets nothing from the others.
    return new Response(null, {
      status: 204,
      headers: { ...headers, ...preflightHeaders(request) },
    })
  }
  if (request.method !== 'POST') {
    Object.assign(headers, { Allow: 'POST, OPTIONS' })
    throw new SignerError('bad-request', 'Send a POST request.', { status: 405 })
  }
  const context = await readContext(request, signer)
  record.time = context.now.toISOString()
  if (context.user !== null) record.user = context.user
  const { requests } = parseSignerRequest(await readJson(request))
  if (requests.length > MAX_REQUESTS) {
    throw new SignerError('bad-request', `Send at most ${MAX_REQUESTS} requests at a time.`)
  }
  record.requests = requests.map((each) => logged(each))
  await limitRate(context, requests)
  const responses = await answerAll(context, requests)
  record.requests = requests.map((each, index) => logged(each, responses[index]))
  const body: SignerResponseBody = { version: 1, date: record.time, responses }
  return Response.json(body, { headers })
}

async function readContext(request: Request, signer: SignerSettings): Promise<RequestContext> {
  const now = signer.now()
  const { caller, user, prefix } = await identify(request, signer)
  const settings = await signer.settingsOf(caller)
  checkRoutes(settings, caller)
  return {
    settings,
    call: { request, context: caller.context, user: user ?? undefined, route: undefined },
    shared: { caller, settings, routes: new Map() },
    user,
    prefix,
    limits: limitsOf(settings, caller),
    keys: await keysOf(settings.bucket, now),
    uploadKeys: await uploadKeysOf(settings.bucket, now),
    now,
  }
}

/** A slip there would close a route without a word. */
function checkRoutes({ routes }: BucketSettings, caller: Caller): void {
  const unknown = caller.routes?.find((name) => !routes.has(name))
  if (unknown === undefined) return
  throw new Error(`authorize returned the route "${unknown}", which there is not.`)
}

function refuse(
  { code, message, status, retryAfter }: SignerError,
  headers: Record<string, string>,
): Response {
  if (retryAfter !== undefined) headers['Retry-After'] = String(Math.ceil(retryAfter))
  return Response.json({ error: { code, message } }, { status, headers })
}

function toSignerError(error: unknown, settings: SignerSettings): SignerError {
  if (isSignerError(error)) return error
  if (error instanceof ProtocolError) {
    const code = error.unsupportedVersion ? 'unsupported-version' : 'bad-request'
    return new SignerError(code, error.message)
  }
  settings.onError(error)
  return new SignerError('internal-error', 'The signer failed. Try again later.')
}
