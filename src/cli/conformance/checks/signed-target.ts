import type { SignedResponse } from '../../../protocol/index.ts'

/** What a presigned URL or a form allows, as far as it can be read from outside. */
export interface Target {
  /** Of which kind the signature is. */
  kind: 'v4' | 'v2' | 'form' | 'other'
  /** Path of the object with its percent-encoding taken away; of a form, the key. */
  path: string
  /** As it is in the URL. */
  rawPath: string
  protocol: string
  host: string
  /** Lifetime in seconds, where the URL tells it. */
  lifetime: number | undefined
  /** Names of the signed headers, in lower case. */
  signedHeaders: string[]
  query: URLSearchParams
  /** The size in bytes that a form is bound to. */
  formSize: number | undefined
}

/**
 * Reads what was signed.
 *
 * @param now in ms since 1970: the older kind of signature tells its end, and not its lifetime
 */
export function readTarget(
  url: string,
  fields?: SignedResponse['fields'],
  now = Date.now(),
): Target {
  const { pathname, protocol, host, searchParams: query } = new URL(url)
  const path = fields?.key === undefined ? decode(pathname) : `/${fields.key}`
  const common = { path, rawPath: rawPathOf(url), protocol, host, query }
  if (fields?.policy !== undefined) return { ...common, ...readPolicy(fields.policy, now) }
  const expires = query.get('X-Amz-Expires')
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').toLowerCase().split(';')
  const rest = { signedHeaders, formSize: undefined }
  if (expires !== null) return { ...common, ...rest, kind: 'v4', lifetime: Number(expires) }
  const end = query.get('Expires')
  if (query.has('AWSAccessKeyId') && end !== null) {
    return { ...common, ...rest, kind: 'v2', lifetime: Number(end) - now / 1000 }
  }
  return { ...common, ...rest, kind: 'other', lifetime: undefined }
}

/** The URL standard takes "." and "../.." out of a path, which is just what is looked for. */
function rawPathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? ''
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function readPolicy(policy: string, now: number) {
  const { expiration = '', conditions = [] } = parsePolicy(policy)
  const range = conditions.find((it) => Array.isArray(it) && it[0] === 'content-length-range')
  const [, least, most] = (range ?? []) as unknown[]
  const names = conditions.flatMap((it) =>
    Array.isArray(it) ? String(it[1]).replace('$', '') : Object.keys(it as object),
  )
  return {
    kind: 'form' as const,
    lifetime: (Date.parse(expiration) - now) / 1000,
    signedHeaders: names.map((name) => name.toLowerCase()),
    formSize: least === most && typeof most === 'number' ? most : undefined,
  }
}

function parsePolicy(policy: string): { expiration?: string; conditions?: unknown[] } {
  try {
    const bytes = Uint8Array.from(atob(policy), (character) => character.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return {}
  }
}
