/** Routes: a file goes by the rules of the route that it names, or not at all. */
import { type Check, type Context, type Finding, fault, ok, warning } from './check.ts'

const UNKNOWN = 'conformance-unknown'

async function checkRoute({ probe, file, route, put }: Context): Promise<Finding> {
  for (const op of ['put', 'create']) {
    const { signed, reply } = await probe.ask({ op, file, route: UNKNOWN })
    if (reply.status >= 500) return fault(`The signer fails (${reply.status}) on a route.`)
    if (!signed) continue
    const said = 'It takes a route that it does not have, so a slip in the page goes unseen.'
    return route === undefined ? warning(said) : fault(said)
  }
  const grant = put.signed?.grant
  if (route === undefined || grant === undefined) return ok()
  const { signed } = await probe.ask({ op: 'put', file, grant, route: UNKNOWN })
  return signed ? fault('A grant of one route signs by another.') : ok()
}

export const ROUTE_CHECK: Check = {
  id: 'route',
  about: 'put',
  title: 'refuses a route that it does not have',
  run: checkRoute,
}
