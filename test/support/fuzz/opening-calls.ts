/** Makes each kind of call at least once, so that what a run meets does not hang on chance. */
import { abuse, follow, type Opening, replaceBySite, use } from './client.ts'
import type { Fuzzer } from './fuzz.ts'
import { plainPut } from './judge.ts'
import type { Granted, Who } from './ledger.ts'
import { endings, longTexts, statuses } from './opening-texts.ts'
import { forgeries, namedParts } from './requests.ts'
import type { Site } from './site.ts'
import { sendParts } from './steps.ts'
import { BAD_MD5, FATAL_MD5, MD5, SHA256 } from './texts.ts'

const DIGESTS = { md5: MD5, sha256: SHA256 }

/** Makes them. The bucket works as it should meanwhile. */
export async function openingCalls(fuzzer: Fuzzer): Promise<void> {
  const { world } = fuzzer
  world.isCalm = true
  for (const site of fuzzer.sites) {
    const who = site.caller('ann', site.s3.places[0]?.bucket.name ?? '')
    await oneFile(fuzzer, site, who)
    await badFiles(fuzzer, site, who)
    await upload(fuzzer, site, who)
    await takenBack(fuzzer, site, who)
    if (site.facts.routes || site.name === 'plain') await routed(fuzzer, site, who)
    await foreignGrants(fuzzer, site, who)
  }
  world.isCalm = true
  await statuses(fuzzer)
  await longTexts(fuzzer)
  await endings(fuzzer)
  world.isCalm = false
}

/** A file in one piece: stored, linked, tried again, and tried as another file. */
async function oneFile(fuzzer: Fuzzer, site: Site, who: Who): Promise<void> {
  site.who = who
  const asked = plainPut(site, who, fuzzer.nextNumber())
  const [put] = await fuzzer.ask(site, who, [asked])
  const { grant } = put ?? {}
  const file = asked.file as object
  const again = { ...asked, grant }
  abuseAll(site)
  const openings = [...site.latest]
  // Before it is there.
  await fuzzer.ask(site, who, [{ op: 'link', grant }])
  useAll(site, MD5, openings)
  // A second time: where no object is replaced, the bucket refuses it.
  useAll(site, MD5, openings)
  await fuzzer.ask(site, who, [
    { op: 'link', grant },
    { op: 'link', grant, disposition: 'inline', expiresIn: 60 },
    { op: 'link', key: put?.key, disposition: 'inline' },
    { op: 'link', grant, key: 'users/ann/x' },
    { op: 'link', key: 'users/bob/x' },
    { op: 'link', key: 'users/ann/../bob/x' },
  ])
  followAll(site)
  await fuzzer.ask(site, who, [{ ...again, id: 'again' }])
  await fuzzer.ask(site, who, [
    { ...again, id: 'size', file: { ...file, size: 6 } },
    { ...again, id: 'type', file: { ...file, type: 'image/png' } },
    { ...again, id: 'meta', meta: { album: 'other' } },
    { ...again, id: 'none', meta: undefined },
    { ...again, id: 'route', route: Object.keys(site.facts.routes ?? {}).at(-1) ?? 'other' },
    { ...again, id: 'bytes', md5: BAD_MD5 },
  ])
  useAll(site, BAD_MD5)
  await fuzzer.ask(site, who, [{ op: 'link', grant }])
  replaceByOther(site, who, put?.key)
  await fuzzer.ask(site, who, [{ op: 'link', grant }])
}

/** What can be taken back, what was replaced since, and what others would like to remove. */
async function takenBack(fuzzer: Fuzzer, site: Site, who: Who): Promise<void> {
  const put = async () => {
    site.who = who
    const [answer] = await fuzzer.ask(site, who, [plainPut(site, who, fuzzer.nextNumber())])
    useAll(site, MD5)
    const [link] = await fuzzer.ask(site, who, [{ op: 'link', grant: answer?.grant }])
    return { grant: link?.discardGrant ?? answer?.grant, put: answer?.grant }
  }
  const discard = (grant: unknown, as = who) => fuzzer.ask(site, as, [{ op: 'discard', grant }])
  const one = await put()
  await discard(one.put)
  await discard(one.grant, site.caller('bob', who.bucket))
  for (const grant of forgeries(fuzzer.random, String(one.grant), String(one.put))) {
    await discard(grant)
  }
  const replaced = await put()
  const granted = site.ledger.find(replaced.grant)
  if (granted) replaceBySite(site, granted)
  await discard(replaced.grant)
  await discard(one.grant)
  // That it is gone already is as good.
  await discard(one.grant)
}

/** Files that hooks refuse or fail at, and files that could run as a page. */
async function badFiles(fuzzer: Fuzzer, site: Site, who: Who): Promise<void> {
  const put = (name: string, more: object, file: object = {}) => ({
    op: 'put',
    file: { name, size: 5, type: 'image/jpeg', path: `${who.prefix}${name}`, ...file },
    meta: { album: name },
    ...DIGESTS,
    ...more,
  })
  for (const md5 of [BAD_MD5, FATAL_MD5]) {
    const [bad] = await fuzzer.ask(site, who, [put('bad.jpg', { md5 })])
    useAll(site, md5)
    await fuzzer.ask(site, who, [{ op: 'link', grant: bad?.grant }])
  }
  for (const type of ['text/html', 'image/svg+xml', 'application/unknown', 'multipart/related']) {
    const name = `page-${type.replaceAll(/\W/g, '-')}.jpg`
    const answers = await fuzzer.ask(site, who, [
      put(name, {}, { type }),
      put(`form-${name}`, { form: true }, { type }),
    ])
    abuseAll(site)
    useAll(site, MD5)
    const asked = answers.flatMap(({ grant, key }) => [{ grant }, { key }])
    const links = asked.map((each) => ({ op: 'link', disposition: 'inline', ...each }))
    await fuzzer.ask(site, who, links)
    followAll(site)
  }
  // One that fails takes none of the others with it.
  site.who = who
  await fuzzer.ask(site, who, [
    put('a.jpg', { meta: { album: 'fatal' } }),
    put('b.jpg', { meta: { album: 'full' } }),
    put('c.jpg', { meta: 7 }),
    put('d.jpg', {}, { size: 5e12 }),
    { op: 'create', file: { name: 'e.jpg', size: 5e9, type: 'video/mp4' }, meta: { album: 'e' } },
    plainPut(site, who, fuzzer.nextNumber()),
  ])
}

/** Routes that there are not, and files that one route takes and another does not. */
async function routed(fuzzer: Fuzzer, site: Site, who: Who): Promise<void> {
  const plain = { op: 'put', ...DIGESTS }
  const large = { name: 'large.jpg', size: 2e6, type: 'image/jpeg', path: `${who.prefix}large.jpg` }
  const page = { ...large, name: 'page.html', size: 5, type: 'text/html' }
  const photo = { ...large, name: 'photo.jpg', size: 5 }
  const names = [undefined, ...Object.keys(site.facts.routes ?? {}), 'nope', '__proto__', '']
  for (const caller of [who, site.caller('bob', who.bucket)]) {
    site.who = caller
    const requests = names.flatMap((route) =>
      [large, page, photo].flatMap((file, at) => {
        const own = { ...file, path: `${caller.prefix}${file.name}` }
        const meta = { album: `${route}${at}` }
        return [
          { ...plain, route, file: own, meta },
          { op: 'create', route, file: own, meta, nonce: 'r'.repeat(16) },
        ]
      }),
    )
    await fuzzer.ask(site, caller, requests)
    useAll(site, MD5)
  }
}

/** An upload in parts, and a second one for the same key. */
async function upload(fuzzer: Fuzzer, site: Site, who: Who): Promise<void> {
  const file = { name: 'parts.jpg', size: 5, type: 'image/jpeg', path: `${who.prefix}parts.jpg` }
  const nonce = 'n'.repeat(16)
  const create = { op: 'create', file, nonce, again: true, meta: { album: 'parts' } }
  const first = await begin(fuzzer, site, who, create)
  if (first === undefined) return
  const { text: grant } = first
  await fuzzer.ask(site, who, [
    { op: 'part', grant, partNumber: 1, size: 3, ...DIGESTS },
    { op: 'part', grant, partNumber: 4, ...DIGESTS },
    { op: 'parts', grant, after: 1 },
    { op: 'complete', grant },
    { op: 'link', grant },
    { op: 'put', file, grant, ...DIGESTS },
  ])
  const done = await finish(fuzzer, site, who, first)
  await fuzzer.ask(site, who, [{ op: 'complete', grant }])
  await fuzzer.ask(site, who, [
    { op: 'link', grant: done, disposition: 'inline' },
    { op: 'put', file, grant: done, meta: { album: 'parts' }, ...DIGESTS },
    { op: 'put', file, grant: done, ...DIGESTS },
    { op: 'part', grant: done, partNumber: 1, ...DIGESTS },
    { op: 'complete', grant: done },
    { op: 'abort', grant: done },
  ])
  followAll(site)
  // The same key once more, for bytes that a hook refuses; and for another file by the same nonce.
  const second = await begin(fuzzer, site, who, { ...create, again: false })
  if (second) await finish(fuzzer, site, who, second, BAD_MD5)
  await fuzzer.ask(site, who, [{ op: 'link', grant: done }])
  const larger = { ...file, size: 6 }
  const third = await begin(fuzzer, site, who, { ...create, file: larger })
  if (third) await finish(fuzzer, site, who, third)
  await fuzzer.ask(site, who, [{ op: 'link', grant: done }])
  replaceByOther(site, who, first.key)
  await fuzzer.ask(site, who, [
    { op: 'link', grant: done },
    { op: 'complete', grant },
  ])
  await mishaps(fuzzer, site, who, { ...create, nonce: 'o'.repeat(16) })
  const fourth = await begin(fuzzer, site, who, { ...create, nonce: 'm'.repeat(16) })
  await fuzzer.ask(site, who, [{ op: 'abort', grant: fourth?.text }])
  await fuzzer.ask(site, who, [
    { op: 'complete', grant: fourth?.text },
    { op: 'abort', grant: fourth?.text },
  ])
}

/** Parts that are others than were granted, and answers that get lost. */
async function mishaps(fuzzer: Fuzzer, site: Site, who: Who, create: object): Promise<void> {
  const { world, s3 } = site
  const { uploads } = site.bucketOf(who)
  const spoilt = await begin(fuzzer, site, who, create)
  if (spoilt === undefined) return
  await sendParts(fuzzer, site, who, spoilt)
  const { parts } = uploads.get(spoilt.uploadId ?? '') ?? {}
  const complete = { op: 'complete', grant: spoilt.text }
  const [first, second] = [parts?.get(1), parts?.get(2)]
  if (first && second && !s3.options.listsNoParts) {
    second.size += 1
    await fuzzer.ask(site, who, [complete])
    // The same sum does not make it the same parts.
    first.size -= 1
    await fuzzer.ask(site, who, [complete])
    first.size += 1
    second.size -= 1
    world.note('part of another size')
  }
  await fuzzer.ask(site, who, [{ ...complete, digests: [{ md5: MD5 }, { md5: BAD_MD5 }] }])
  for (const kind of ['busy', 'broken', 'empty', 'failed'] as const) {
    const nonce = kind.padEnd(16, '-')
    const granted = await begin(fuzzer, site, who, { ...create, nonce })
    if (granted === undefined) continue
    await sendParts(fuzzer, site, who, granted)
    site.troubles.push({ kind, method: 'POST' })
    const complete = { op: 'complete', grant: granted.text, parts: namedParts(granted, MD5) }
    const [answer] = await fuzzer.ask(site, who, [complete])
    site.troubles.length = 0
    if (answer?.error && !site.facts.repeatsKeys) {
      world.fail(`An upload ends as ${answer.error.code}, as an answer was ${kind}`)
    }
  }
}

async function begin(fuzzer: Fuzzer, site: Site, who: Who, create: object) {
  const [answer] = await fuzzer.ask(site, who, [create])
  return site.ledger.find(answer?.grant)
}

/** @returns the grant that the answer to `complete` has */
async function finish(
  fuzzer: Fuzzer,
  site: Site,
  who: Who,
  granted: Granted,
  md5 = MD5,
): Promise<unknown> {
  await sendParts(fuzzer, site, who, granted, md5, true)
  const complete = { op: 'complete', grant: granted.text, parts: namedParts(granted, md5) }
  const [answer] = await fuzzer.ask(site, who, [complete])
  return answer?.grant
}

/** Each grant in the hands of others, at another signer and in another bucket, and forged. */
async function foreignGrants(fuzzer: Fuzzer, site: Site, who: Who): Promise<void> {
  const all = site.ledger.of(who)
  const kinds = ['put', 'parts', 'done'] as const
  const granted = kinds.flatMap((kind) => all.find((each) => each.kind === kind) ?? [])
  const requests = granted.flatMap((each) => allUses(each, each.text))
  await fuzzer.ask(site, site.caller('bob', who.bucket), requests)
  for (const { bucket } of site.s3.places) {
    await fuzzer.ask(site, site.caller('ann', bucket.name), granted.flatMap(linkOf))
  }
  const others = fuzzer.sites.filter((other) => other !== site && !other.facts.isOpen)
  for (const other of others) {
    const theirs = other.caller('ann', other.s3.places[0]?.bucket.name ?? '')
    await fuzzer.ask(
      other,
      theirs,
      granted.flatMap((each) => allUses(each, each.text)).slice(0, 20),
    )
  }
  const [one, another] = granted
  if (one === undefined || another === undefined) return
  const forged = forgeries(fuzzer.random, one.text, another.text)
  await fuzzer.ask(
    site,
    who,
    forged.flatMap((grant) => allUses(one, grant)),
  )
}

/** Each op that takes a grant. */
export function allUses({ asked, kind }: Granted, grant: unknown): object[] {
  const { file, meta, route } = asked
  const ops = ['put', 'part', 'parts', 'complete', 'abort', 'link']
  // What a caller may do with their own is done elsewhere.
  return ops
    .filter((op) => op !== 'abort' || kind !== 'parts')
    .map((op) => ({ op, file, meta, route, grant, partNumber: 1, ...DIGESTS }))
}

function linkOf({ kind, text: grant }: Granted): object[] {
  return kind === 'parts' ? [{ op: 'parts', grant }] : [{ op: 'link', grant }]
}

function useAll(site: Site, md5: string, openings: readonly Opening[] = site.latest): void {
  for (const opening of [...openings]) use(site, opening, md5)
}

/** Another program puts something else at the key, where it can be that of several files. */
function replaceByOther(site: Site, who: Who, key: unknown): void {
  if (!site.facts.repeatsKeys || typeof key !== 'string') return
  const etag = 'beef'.padEnd(32, '0')
  site.bucketOf(who).write(key, { size: 5, type: 'text/html', etag })
  site.world.note('another file at the key')
}

function abuseAll(site: Site): void {
  for (const opening of [...site.latest]) abuse(site, opening, true)
}

function followAll(site: Site): void {
  for (const link of [...site.links]) follow(site, link)
}
