import {
  base64urlOf,
  createMac,
  fromBase64url,
  type Mac,
  sameBytes,
  toBase64url,
  toHex,
  utf8,
} from '../../util/bytes.ts'
import type { Grant, Grants } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'

/** How long a file's grant lasts, in seconds: a day, so that an open page can still ask for links. */
export const GRANT_LIFE = 86_400

/**
 * How long a multipart upload's grant may be used, in seconds: a week. An upload lasts as long as its
 * grant, and a terabyte at 20 Mbit/s takes five days.
 */
export const MULTIPART_GRANT_LIFE = 604_800

const LABEL = 'bucket-upload grant v2'

/** A grant as it is written: with a tag in the place of the user, whom it must not show. */
type Payload = Grant & { user: string; route?: string }

/**
 * Grants are `base64url(JSON) "." base64url(HMAC-SHA-256)`, so no signer has to remember them, and
 * each copy of a signer knows the grants of the others.
 *
 * @param secrets the first signs, and the others, which are being replaced, are still known; derived
 *   keys keep them apart from other uses of the same secrets
 * @param scope what the grants are for, for example the bucket; grants of another scope are refused
 * @param route the route that they are for, if there are routes; grants of another route are refused
 */
export function createGrants(secrets: readonly string[], scope: string, route?: string): Grants {
  const macs = secrets.map((secret) => createMac(utf8(secret))(`${LABEL}\n${scope}`)).map(createMac)
  const [sign = createMac(new Uint8Array(32))] = macs
  const ofRoute = route === undefined ? {} : { route }
  const macOf = (token: string) => macs.find((mac) => isGenuine(token, mac))
  // The space after the first word keeps these apart from a payload, which has none.
  const tagUser = (mac: Mac, user: string | null) =>
    toBase64url(mac(`user ${JSON.stringify(user)}`).subarray(0, 16))
  // All files of a call are the same user's.
  let last: { user: string | null; tag: string } | undefined
  const tagOfUser = (user: string | null) => {
    if (last?.user !== user) last = { user, tag: tagUser(sign, user) }
    return last.tag
  }
  return {
    issue(grant, user) {
      const payload: Payload = { ...grant, ...ofRoute, user: tagOfUser(user) }
      const text = base64urlOf(JSON.stringify(payload))
      return `${text}.${toBase64url(sign(text))}`
    },
    idOf(values, user) {
      // The first value says how many there are, so that a route is never taken for another value.
      const all = route === undefined ? [...values, user] : [...values, user, route]
      return toHex(sign(`id ${JSON.stringify(all)}`).subarray(0, 16))
    },
    routeOf(token) {
      return macOf(token) && open(token).route
    },
    tagOf(meta, token) {
      const entries = Object.entries(meta).sort(([one], [other]) => (one < other ? -1 : 1))
      if (entries.length === 0) return undefined
      const mac = (token !== undefined && macOf(token)) || sign
      return toBase64url(mac(`meta ${JSON.stringify(entries)}`).subarray(0, 16))
    },
    read(token, { user, prefix, now }, purpose) {
      const mac = macOf(token)
      const grant = mac && open(token)
      const isTheirs = grant && grant.user === tagUser(mac, user) && grant.key.startsWith(prefix)
      if (!isTheirs || grant.route !== route || !isFor(grant, purpose)) {
        throw new SignerError('invalid-grant', 'The grant is not valid.')
      }
      if (grant.expires * 1000 <= now.getTime()) {
        throw new SignerError('invalid-grant', 'The grant has expired.')
      }
      return grant
    },
  }
}

function isFor<P extends Grant['purpose']>(
  grant: Grant,
  purpose: P,
): grant is Extract<Grant, { purpose: P }> {
  return grant.purpose === purpose
}

/** What has a right MAC was written by us. */
function isGenuine(token: string, mac: Mac): boolean {
  // The last digit of a MAC stands for four bits, so that each MAC is written in one way only.
  const match = /^([\w-]+)\.([\w-]{42}[AEIMQUYcgkosw048])$/.exec(token)
  if (!match) return false
  const [, payload = '', given = ''] = match
  return sameBytes(fromBase64url(given), mac(payload))
}

function open(token: string): Payload {
  return JSON.parse(new TextDecoder().decode(fromBase64url(token.slice(0, token.indexOf('.')))))
}
