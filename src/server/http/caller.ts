import type { Caller } from '../api/caller.ts'
import { checkOptions } from '../api/check-options.ts'
import type { SignerSettings } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { checkKey } from '../keys/key.ts'

/** A caller that `authorize` has accepted. */
export interface Identity {
  /** As `authorize` returned it. */
  caller: Caller
  /** `null` for an anonymous caller. */
  user: string | null
  /** "" or a prefix that ends with "/". */
  prefix: string
}

const FIELDS = [
  'user',
  'prefix',
  'minSize',
  'maxSize',
  'accept',
  'maxFiles',
  'address',
  'routes',
  'context',
]

/**
 * Asks `authorize` who is calling.
 *
 * @throws {SignerError} `unauthorized`, or as `authorize` refuses
 * @throws {Error} when `authorize` returned something else than a caller: `true`, a name or a misspelt
 *   field must not make everybody the same user
 */
export async function identify(request: Request, settings: SignerSettings): Promise<Identity> {
  const caller = await settings.authorize(request)
  if (!caller) throw new SignerError('unauthorized', 'Sign in to upload files.')
  if (typeof caller !== 'object' || Array.isArray(caller)) {
    throw new Error('authorize must return an object, or nothing to refuse.')
  }
  checkOptions('What authorize returned', caller, FIELDS)
  return { caller, user: readUser(caller.user), prefix: readPrefix(caller.prefix) }
}

function readUser(user: unknown): string | null {
  if (user === undefined || user === null) return null
  const isNamed = typeof user === 'string' && user !== ''
  if (isNamed || Number.isFinite(user)) return String(user)
  throw new Error('"user" of authorize must be a text or a number, and not empty.')
}

function readPrefix(prefix: unknown): string {
  if (prefix === undefined || prefix === null || prefix === '') return ''
  if (typeof prefix !== 'string') throw new Error('"prefix" of authorize must be a text.')
  const complete = prefix.endsWith('/') ? prefix : `${prefix}/`
  try {
    checkKey(`${complete}x`)
  } catch {
    throw new Error('authorize returned a prefix that cannot begin a key.')
  }
  return complete
}
