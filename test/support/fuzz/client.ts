/** What is done with URLs and forms once they are handed out: by their owners, by attackers and by others. */
import { type Answer, hexOf } from './fake-s3.ts'
import { checkOwn } from './judge-links.ts'
import type { Granted, Who } from './ledger.ts'
import type { Site } from './site.ts'
import { BAD_MD5, FATAL_MD5, isHarmless, MD5, SHA256 } from './texts.ts'

/** A URL or a form that stores something. */
export interface Opening {
  kind: 'put' | 'part' | 'form'
  who: Who
  granted: Granted
  url: string
  headers: Readonly<Record<string, string>>
  fields?: Readonly<Record<string, string>>
  /** Of a part. */
  number?: number
  /** How many bytes it is for. */
  size: number
  /** Digests that were named, in base64. */
  md5?: string
  sha256?: string
  /** In ms since 1970. */
  ends: number
}

/** A presigned link that was handed out. */
export interface GivenLink {
  who: Who
  url: string
  key: string
  granted?: Granted
  /** In ms since 1970. */
  ends: number
}

/** Sends what was granted, and looks whether it is stored. */
export function use(site: Site, opening: Opening, bytes?: string): void {
  const { world } = site
  const md5 = opening.md5 ?? bytes ?? world.random.pick([MD5, BAD_MD5, FATAL_MD5, MD5])
  const { status, body } = send(site, opening, md5)
  const isOver = opening.ends <= world.now
  if (isOver) {
    world.note('URL that has ended refused')
    if (status !== 403) world.fail(`What has ended still works: ${opening.kind}, ${status}`)
    return
  }
  world.note(`${opening.kind} used: ${status}`)
  // The upload may be gone, and the object may be there, where none may be replaced.
  const canFail = (opening.kind === 'part' && status === 404) || status === 412
  if (status >= 300 && !canFail) {
    world.fail(`What was granted is refused: ${opening.kind}, ${status} ${body}`)
  }
}

function send(site: Site, opening: Opening, md5: string, change: Partial<Opening> = {}): Answer {
  const { kind, url, headers, fields = {}, size, sha256 = SHA256 } = { ...opening, ...change }
  if (kind === 'form') return site.s3.submit({ url, fields, size, md5 })
  const sent = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  const body = { size, md5, sha256 }
  return site.s3.answer({ method: 'PUT', url, headers: Object.fromEntries(sent), ...body })
}

/** Tries to store something else than was granted, in one way or in all. */
export function abuse(site: Site, opening: Opening, inAllWays = false): void {
  const { world } = site
  const ways = ABUSES[opening.kind](site, opening)
  for (const [name, change, bytes] of inAllWays ? ways : [world.random.pick(ways)]) {
    const { status } = send(site, opening, bytes ?? opening.md5 ?? MD5, change)
    world.note(`${opening.kind} abused: ${name}`)
    if (status < 300) world.fail(`A ${opening.kind} was used for another thing: ${name}`)
  }
}

type Abuse = [name: string, change: Partial<Opening>, md5?: string]

const ABUSES: Record<Opening['kind'], (site: Site, opening: Opening) => Abuse[]> = {
  put: (_, { url, headers, size }) => [
    ['larger', { size: size + 1 }],
    ['smaller', { size: Math.floor(size / 2) - 1 }],
    ['type', { headers: { ...headers, 'Content-Type': 'text/html; x=1' } }],
    ['key', { url: url.replace(/\/([^/?]+)\?/, '/x$1?') }],
    ['life', { url: url.replace('X-Amz-Expires=', 'X-Amz-Expires=9') }],
    ['ACL', { headers: { ...headers, 'x-amz-acl': 'public-read' } }],
    ['copy', { headers: { ...headers, 'x-amz-copy-source': '/photos/users/bob/x' } }],
    ...dropped(headers),
    ...otherBytes(headers),
  ],
  part: (_, { url, headers, size }) => [
    ['larger', { size: size + 1 }],
    ['smaller', { size: size - 1 }],
    ['number', { url: url.replace('partNumber=', 'partNumber=1') }],
    ['upload', { url: url.replace('uploadId=upload-', 'uploadId=upload-1') }],
    ['copy', { headers: { ...headers, 'x-amz-copy-source': '/photos/users/bob/x' } }],
    ...dropped(headers),
    ...otherBytes(headers),
  ],
  form: (_, { fields = {}, size }) => [
    ['larger', { size: size + 1 }],
    ['smaller', { size: size - 1 }],
    ['key', { fields: { ...fields, key: `${fields.key}x` } }],
    ['type', { fields: { ...fields, 'Content-Type': 'text/html; x=1' } }],
    ['field', { fields: { ...fields, acl: 'public-read' } }],
    ['policy', { fields: { ...fields, policy: `${fields.policy}A` } }],
  ],
}

function dropped(headers: Opening['headers']): Abuse[] {
  return Object.keys(headers).map((name) => without(name, headers))
}

function otherBytes({ 'Content-MD5': md5 }: Opening['headers']): Abuse[] {
  return md5 === undefined ? [] : [['other bytes', {}, md5 === MD5 ? BAD_MD5 : MD5]]
}

function without(name: string, headers: Opening['headers']): Abuse {
  const { [name]: _, ...others } = headers
  return [`without ${name}`, { headers: others }]
}

/** Follows a link, and looks whether it leads to what it is for. */
export function follow(site: Site, { url, key, granted, ends, who }: GivenLink): void {
  const { world, facts } = site
  const { status, headers, object } = site.s3.answer({ method: 'GET', url, headers: {} })
  if (ends <= world.now) {
    world.note('link that has ended refused')
    if (status !== 403) world.fail(`A link that has ended still works: ${status}`)
    return
  }
  world.note(`link followed: ${status}`)
  if (status !== 200 && status !== 404) world.fail(`A link is refused: ${status}`)
  if (object === undefined) return
  if (granted && !facts.repeatsKeys) checkOwn(site, object, { ...granted, key, who })
  const isShown = url.includes('response-content-disposition=inline')
  if (isShown && !isHarmless(headers['Content-Type'] ?? '')) {
    world.fail(`A link shows ${headers['Content-Type']}`)
  }
}

/** Something that happens in the bucket without the signer. */
export function interfere(site: Site): void {
  const { world, facts, ledger } = site
  const { random } = world
  if (ledger.all.length === 0) return
  const granted = random.pick(ledger.all)
  const { key, size, type } = granted
  const bucket = site.bucketOf(granted.who)
  const upload = bucket.uploads.get(granted.uploadId ?? '')
  const act = random.below(5)
  if (act === 0) bucket.remove(key)
  // Only where keys are not those of one file do others write at them.
  if (act === 1 && facts.repeatsKeys) {
    const isLarger = random.chance(0.3)
    const md5 = random.pick([MD5, BAD_MD5])
    // The same MD5 is that of the same bytes.
    const etag = isLarger ? 'beef'.padEnd(32, '0') : hexOf(md5)
    const other = { size: isLarger ? size + 1 : size, type, etag }
    bucket.write(key, random.chance(0.7) ? other : { ...other, type: 'text/html' })
    world.note('another file at the key')
  }
  // Where parts cannot be listed, only their signatures keep them from being others.
  if (act === 2 && upload && !site.s3.options.listsNoParts) {
    for (const part of upload.parts.values()) part.size += random.below(2)
    world.note('part of another size')
  }
  if (act === 3 && upload && random.chance(0.3)) bucket.uploads.delete(granted.uploadId ?? '')
  if (act === 4) replaceBySite(site, granted)
}

/** The site stores something of its own in the place of what can be taken back; it may have the same bytes. */
export function replaceBySite(site: Site, { who, key, size, type }: Granted): void {
  const { world, facts } = site
  const bucket = site.bucketOf(who)
  const there = bucket.objects.get(key)
  if (facts.discardsOf === undefined || there === undefined || there.upload) return
  // A bucket tells when something was stored to the second.
  world.now += 1000
  const etag = world.random.chance(0.5) ? there.etag : hexOf(BAD_MD5)
  bucket.write(key, { size, type, etag, isForeign: true })
  world.note('replaced by the site')
}
