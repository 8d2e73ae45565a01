/** Whether a receipt states what is in the bucket, and is written only where it is asked for. */
import { readReceipt } from '../../../src/server/index.ts'
import type { Asked } from './judge-calls.ts'
import { routeOf } from './judge-routes.ts'
import { sameType } from './judge-texts.ts'
import { type Answered, fail } from './judge-writes.ts'
import { SECRET } from './signers.ts'
import type { Site } from './site.ts'

/** Judges the receipt of an answer, or that there is none. */
export function judgeReceipt(site: Site, asked: Asked, { receipt }: Answered): void {
  const { facts, world, who } = site
  const granted = site.ledger.find(asked.grant)
  const route = granted && routeOf(site, granted.asked)
  const isStored = asked.op === 'complete' || asked.op === 'link'
  const isDue = isStored && granted && facts.receiptsOf?.includes(String(route ?? ''))
  if ((receipt !== undefined) !== Boolean(isDue)) fail(site, `A receipt for "${asked.op}"`)
  if (receipt === undefined || granted === undefined) return
  world.note('receipt')
  const user = who.user ?? undefined
  const read = readReceipt(SECRET, receipt, { user, now: new Date(world.now) })
  const versions = site.bucketOf(who).during(read.key)
  const isThere = versions.some(
    ({ size, etag, type }) => size === read.size && etag === read.etag && sameType(type, read.type),
  )
  if (!isThere || read.size !== granted.size) fail(site, 'A receipt for what is not there')
  const isRight = read.key === granted.key && read.bucket === who.bucket && read.route === route
  if (!isRight) fail(site, 'A receipt for another file')
}
