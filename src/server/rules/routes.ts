import { checkOptions } from '../api/check-options.ts'
import type { RouteOptions, SignerConfig } from '../api/options.ts'

/** What a route may say otherwise than its signer. */
export const ROUTE_OPTIONS: readonly (keyof RouteOptions)[] = [
  'keepPaths',
  'key',
  'accept',
  'acceptEncoding',
  'minSize',
  'maxSize',
  'checksum',
  'objectOptions',
  'overwrite',
  'receiptExpires',
  'discardExpires',
  'expireUnkept',
  'onSigned',
  'onUploaded',
  'status',
  'onDiscard',
]

/** The protocol's: also what an attribute of a tag and a part of a key can be. */
const NAME = /^[A-Za-z0-9][\w-]{0,63}$/

/**
 * The routes of a signer: for each its name, and the configuration of a signer that has only that one.
 *
 * @throws {Error} when one is none, has an unknown option, or if `defaultRoute` is none of them
 */
export function routesOf({ routes, defaultRoute, ...config }: SignerConfig) {
  const named = Object.entries(routes ?? {}).map(([name, own]): [string, SignerConfig] => {
    if (!NAME.test(name)) {
      throw new Error(
        `"routes" has "${name}": a name is 1 to 64 letters, digits, "-" or "_", and begins with a letter or a digit.`,
      )
    }
    if (typeof own !== 'object' || own === null) throw new Error(`Route "${name}" has no options.`)
    checkOptions(`Route "${name}"`, own, ROUTE_OPTIONS)
    // Either of them says where a file goes.
    const placed = own.key === undefined && own.keepPaths === undefined
    const { key, keepPaths, ...rest } = config
    return [name, { ...(placed ? config : rest), ...withoutUndefined(own) } as SignerConfig]
  })
  // Without this, a list that comes out empty would open a signer without any of its rules.
  if (routes !== undefined && named.length === 0) throw new Error('"routes" has none.')
  if (defaultRoute === undefined || named.some(([name]) => name === defaultRoute)) return named
  throw new Error(`"defaultRoute" is "${defaultRoute}", which is none of "routes".`)
}

/** An option that is `undefined` is one that was not written. */
function withoutUndefined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Reads something of a route, and says in errors which one it was. */
export function inRoute<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const said = error instanceof Error ? error.message : error
    throw new Error(`Route "${name}": ${said}`, { cause: error })
  }
}
