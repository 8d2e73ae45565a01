/** Whether the rules of a route hold, whichever route a request names. */
import type { Asked } from './judge-calls.ts'
import type { Site } from './site.ts'

/** What is known of a route. */
export interface RouteFacts {
  /** Bytes. */
  maxSize: number
  /** The types that it takes. */
  type: RegExp
  /** The keys that it makes, after the prefix of the caller. No other route makes such. */
  key: RegExp
}

/** The route by which a new file has to be judged; `undefined` for none. */
export function routeOf({ facts }: Pick<Site, 'facts'>, { route }: Asked): unknown {
  return route ?? facts.defaultRoute
}

/**
 * Says why a new file must be refused, whatever its grant; `undefined` where its route may take it.
 *
 * @param stored the key and the type by which it is stored
 */
export function routeProblem(
  site: Site,
  asked: Asked,
  stored?: { key: string; type: string },
): string | undefined {
  const { facts, who } = site
  const route = routeOf(site, asked)
  const { routes } = facts
  if (routes === undefined)
    return route === undefined ? undefined : 'has a route, and there are none'
  if (typeof route !== 'string' || !Object.hasOwn(routes, route)) return 'has no route'
  const rules = routes[route] as RouteFacts
  const open = facts.openTo?.[who.name ?? '']
  if (open && !open.includes(route)) return 'goes by the route of others'
  const { size } = (asked.file ?? {}) as { size?: unknown }
  if (!(Number(size) <= rules.maxSize)) return 'is larger than its route takes'
  if (!stored) return undefined
  if (!rules.type.test(stored.type)) return 'is of a type that its route does not take'
  if (!rules.key.test(stored.key.slice(who.prefix.length))) return 'has a key of another route'
  return undefined
}
