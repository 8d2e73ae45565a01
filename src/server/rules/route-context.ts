import type { CreateRequest, ParsedRequest, PutRequest } from '../../protocol/index.ts'
import type { RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { limitsOf } from './limits.ts'

/**
 * The rules by which a request is answered: those of the route that a new file names, or of the route
 * that a grant was given by. A link by key has no route, and goes by the rules of the signer itself.
 *
 * @throws {SignerError} `bad-request` for a route that there is not, or for none where one is needed;
 *   `forbidden` for one that is not the caller's; `invalid-grant`
 */
export function contextOf(call: RequestContext, request: ParsedRequest): RequestContext {
  const { routes } = call.shared.settings
  if (isNewFile(request)) return contextOfFile(call, request)
  if (routes.size === 0 || !('grant' in request) || request.grant === undefined) return call
  const name = call.settings.grants.routeOf(request.grant)
  const context = name === undefined ? undefined : switchTo(call, name)
  // Also one from before there were routes: it was given by other rules than there are now.
  if (!context) throw new SignerError('invalid-grant', 'The grant is not valid.')
  if (request.op === 'part' || request.op === 'complete') checkAllowed(context)
  return context
}

function isNewFile(request: ParsedRequest): request is PutRequest | CreateRequest {
  return request.op === 'put' || request.op === 'create'
}

function contextOfFile(
  call: RequestContext,
  { route }: PutRequest | CreateRequest,
): RequestContext {
  const { routes, defaultRoute } = call.shared.settings
  const name = route ?? defaultRoute
  if (name === undefined) {
    if (routes.size === 0) return call
    throw new SignerError('bad-request', 'This signer has routes: name one with "route".')
  }
  const context = switchTo(call, name)
  if (!context) throw new SignerError('bad-request', `This signer has no route "${name}".`)
  checkAllowed(context)
  return context
}

/** Made once in a call: all its files of a route go by the same one. */
function switchTo(call: RequestContext, name: string): RequestContext | undefined {
  const { shared } = call
  const known = shared.routes.get(name)
  if (known) return known
  const settings = shared.settings.routes.get(name)
  if (!settings) return undefined
  const limits = limitsOf(settings, shared.caller)
  const context = { ...call, settings, limits, call: { ...call.call, route: name } }
  shared.routes.set(name, context)
  return context
}

/** @throws {SignerError} `forbidden` */
function checkAllowed({ call: { route = '' }, shared: { caller } }: RequestContext): void {
  if (caller.routes?.includes(route) ?? true) return
  throw new SignerError('forbidden', `You may not upload by the route "${route}".`)
}
