/** Whether a link leads to what was stored as granted, and for no longer than it may. */

import type { Stored } from './fake-bucket.ts'
import type { Asked } from './judge-calls.ts'
import { checkKey, sameType } from './judge-texts.ts'
import { type Answered, checkDisposition, checkLife, checkSignature, fail } from './judge-writes.ts'
import { type Granted, partOf } from './ledger.ts'
import { endOf, readSignedUrl } from './signed-url.ts'
import type { Site } from './site.ts'
import { isHarmless } from './texts.ts'

/** Judges a link in the answer to `put`, `complete` or `link`. */
export function judgeLink(site: Site, asked: Asked, answer: Answered, granted?: Granted): void {
  const { key, downloadUrl: url } = answer
  site.world.note(`link by ${granted ? `${asked.op} (${granted.kind})` : 'key'}`)
  checkKey(site, key)
  if (granted && granted.key !== key) fail(site, 'A link to another key')
  if (granted) checkIsThere(site, String(asked.op), granted)
  else if (site.who.prefix === '') fail(site, 'A link by key without a prefix')
  const { plainLink } = site.facts
  if (plainLink === undefined) {
    judgePresigned(site, asked, answer, granted)
    return
  }
  const found = plainLink.exec(url)?.[1]
  if (found === undefined || decodeURIComponent(found) !== key) fail(site, `A link to ${found}`)
}

/**
 * Where another file may have the key, or a hook may refuse the file, a link comes only once the file
 * is there. Elsewhere nothing else can be at the key, ever.
 */
function checkIsThere(site: Site, op: string, granted: Granted): void {
  const { facts, world } = site
  const versions = site.bucketOf(site.who).during(granted.key)
  const right = versions.filter((object) => isAsGranted(object, granted))
  // Two files of one batch may have the same key. Once an upload is gone, its size is all that is compared.
  const isInBatch = facts.repeatsInBatch && versions.some(({ size }) => size === granted.size)
  if (op === 'complete' && right.length === 0 && !isInBatch)
    fail(site, 'A link to what is not complete')
  if (facts.repeatsKeys && right.length === 0) fail(site, 'A link to what may be another file')
  if (facts.isGated && !right.some(({ etag }) => !/^(bad|fa7a1)/.test(etag))) {
    fail(site, 'A link to what onUploaded has not let through')
  }
  if (facts.repeatsKeys || facts.isGated) world.note('link to what was looked at')
  else for (const object of versions) checkOwn(site, object, granted)
}

/** Where a key is that of one file, only that file can be there. */
export function checkOwn(site: Site, object: Stored, { who, key }: Granted): void {
  const all = site.ledger.forKey(who.bucket, key)
  if (all.some((granted) => isAsGranted(object, granted))) return
  fail(site, `At ${key} is what was not granted: ${object.size} bytes of ${object.type}`)
}

/** What a call has put together is made of the very parts that were granted. */
export function checkCompleted(site: Site): void {
  const bucket = site.bucketOf(site.who)
  for (const key of bucket.changed()) {
    for (const { upload } of bucket.during(key)) {
      const all = upload ? site.ledger.forKey(bucket.name, key) : []
      const granted = all.find(({ uploadId }) => uploadId === upload?.id)
      const isWrong = upload?.sizes.some((size, at) => granted && size !== partOf(granted, at + 1))
      if (isWrong) fail(site, `Parts of ${upload?.sizes} bytes were put together`)
    }
  }
}

function isAsGranted(object: Stored, { size, type }: Granted): boolean {
  return object.size === size && sameType(object.type, type)
}

function judgePresigned(site: Site, asked: Asked, answer: Answered, granted?: Granted): void {
  const { key, downloadUrl, downloadExpiresAt } = answer
  const url = readSignedUrl(downloadUrl)
  const found = site.s3.locate(downloadUrl)
  if (found.bucket.name !== site.who.bucket || found.key !== key)
    fail(site, 'A link to another key')
  if (new URL(downloadUrl).pathname !== url.path) fail(site, 'A browser reads another path')
  checkSignature(site, url, 'GET', {})
  checkLife(site, url, lifeOf(site, asked))
  if (Date.parse(downloadExpiresAt) !== endOf(url)) fail(site, 'A link does not tell its end')
  const { 'response-content-disposition': disposition = '', 'response-content-type': type } =
    Object.fromEntries(url.query)
  if (url.query.size !== (type === undefined ? 1 : 2)) fail(site, 'A link asks for more')
  checkDisposition(site, disposition)
  const isShown = !disposition.startsWith('attachment;')
  if (isShown && !isHarmless(type ?? '')) fail(site, `A link shows ${type} as a page`)
  if (isShown && granted && type !== granted.type) fail(site, `A link shows ${type}`)
  if (isShown) site.world.note('link that shows')
  keep(site.links, site, {
    who: site.who,
    url: downloadUrl,
    key,
    ...(granted ? { granted } : {}),
    ends: endOf(url),
  })
}

/** A wish can shorten the life of a link, and not lengthen it. */
function lifeOf({ facts }: Site, { op, expiresIn }: Asked): number {
  if (op !== 'link' || typeof expiresIn !== 'number') return facts.linkSeconds
  return Math.max(1, Math.min(expiresIn, facts.linkSeconds))
}

/** Keeps some of many. */
export function keep<T>(list: T[], { world }: Site, item: T): void {
  if (list.length < 20) list.push(item)
  else list[world.random.below(list.length)] = item
}
