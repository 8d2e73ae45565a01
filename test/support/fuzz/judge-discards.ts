/** Whether people can take back just what is theirs. */
import type { Stored } from './fake-bucket.ts'
import type { Asked } from './judge-calls.ts'
import { routeOf } from './judge-routes.ts'
import { type Answered, fail } from './judge-writes.ts'
import { type Granted, isSame } from './ledger.ts'
import type { Site } from './site.ts'

/** The answer may be the one or the other. */
export const UNCLEAR = 'may be for something else'

/** An hour, in ms: as the signers are set up. */
const LIFE = 3_600_000

/** Judges the grant to take back what an answer is about, or that there is none, and writes it down. */
export function judgeDiscardGrant(
  site: Site,
  asked: Asked,
  { discardGrant: text }: Answered,
  now: number,
): void {
  const { facts, ledger } = site
  const granted = ledger.find(asked.grant)
  const route = granted && routeOf(site, granted.asked)
  const isStored = asked.op === 'complete' || asked.op === 'link'
  const isAllowed = facts.discardsOf?.includes(String(route ?? '')) && !facts.repeatsKeys
  const isDue = isStored && granted && isAllowed
  if ((text !== undefined) !== Boolean(isDue)) fail(site, `A discardGrant for "${asked.op}"`)
  if (text === undefined || granted === undefined) return
  const [payload = ''] = String(text).split('.')
  const { key, etag, modified } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const stored = { etag, modified }
  const versions = site.bucketOf(site.who).during(granted.key)
  const isThere = key === granted.key && versions.some((object) => isVersion(object, stored))
  if (!isThere) fail(site, 'A discardGrant for what is not there')
  const { who, size, type } = granted
  const made = { text, who, key, size, type, asked: granted.asked, stored }
  ledger.add({ ...made, kind: 'discard', ends: now + LIFE })
}

/** Says that what is to be taken back is not what is there by now. */
export function replacedProblem(site: Site, { key, stored }: Granted): string | undefined {
  const versions = site.bucketOf(site.who).during(key)
  const others = versions.filter((object) => !stored || !isVersion(object, stored))
  if (others.length === 0) return undefined
  return others.length === versions.length ? 'is for what was replaced' : UNCLEAR
}

/** What was removed in a call was the caller's, and they have asked for it. */
export function checkRemoved(site: Site, requests: readonly Asked[], start: number): void {
  for (const { bucket } of site.s3.places) {
    for (const { key, object } of bucket.removed) {
      const isMeant = requests.some(({ op, grant }) => {
        const granted = op === 'discard' ? site.ledger.find(grant) : undefined
        return (
          granted?.kind === 'discard' &&
          isSame(granted.who, site.who) &&
          granted.key === key &&
          granted.ends > start &&
          granted.stored !== undefined &&
          isVersion(object, granted.stored)
        )
      })
      site.world.note('object removed')
      if (!isMeant) fail(site, `An object was removed that was not meant: ${key}`)
      if (object.isForeign) fail(site, `A foreign object was removed: ${key}`)
      if (bucket.name !== site.who.bucket) fail(site, 'An object of another tenant was removed')
    }
  }
}

function isVersion(object: Stored, { etag, modified }: { etag: string; modified: string }) {
  return object.etag === etag && new Date(object.modified ?? 0).toUTCString() === modified
}
