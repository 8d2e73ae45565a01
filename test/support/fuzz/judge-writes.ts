/** Whether a URL or a form can store exactly what was granted, and nothing longer than it may. */
import { readPolicy } from './access.ts'
import type { Opening } from './client.ts'
import type { Asked } from './judge-calls.ts'
import { checkKey } from './judge-texts.ts'
import { type Granted, partOf } from './ledger.ts'
import { endOf, macOf, readSignedUrl, type SignedUrl, signatureOf } from './signed-url.ts'
import type { Site } from './site.ts'
import { isHarmless } from './texts.ts'

/** An answer that was granted. */
// biome-ignore lint/suspicious/noExplicitAny: what came back
export type Answered = Record<string, any>

/** Judges the answer to `put`. */
export function judgePut(site: Site, asked: Asked, answer: Answered, granted: Granted): Opening {
  const opening = {
    ...baseOf(asked, answer, granted, granted.size),
    kind: answer.fields ? ('form' as const) : ('put' as const),
  }
  const said = answer.fields ?? answer.headers ?? {}
  checkStoredHeaders(site, said, granted.type)
  if (answer.fields) return { ...opening, ends: judgeForm(site, answer, granted) }
  const url = checkSignedWrite(site, opening)
  const condition = said['If-None-Match']
  if (!site.facts.overwrites && condition !== '*') fail(site, 'A PUT that may replace an object')
  if (site.facts.guards.some((name) => !url.signedHeaders.includes(name))) {
    fail(site, 'A PUT without a guard')
  }
  checkDigests(site, asked, said)
  if (url.query.size > 0) fail(site, 'A PUT that says something else')
  return { ...opening, ends: endOf(url) }
}

/** Judges the answer to `part`. */
export function judgePart(site: Site, asked: Asked, answer: Answered, granted: Granted): Opening {
  const number = Number(asked.partNumber)
  const opening = {
    ...baseOf(asked, answer, granted, partOf(granted, number)),
    kind: 'part' as const,
    number,
  }
  if (!(number >= 1 && opening.size >= 0) || (number > 1 && opening.size === 0)) {
    fail(site, `A part that the upload does not have: ${number}`)
  }
  const url = checkSignedWrite(site, opening)
  const said = [...url.query].sort().join()
  if (
    said !==
    [
      ['partNumber', number],
      ['uploadId', granted.uploadId],
    ].join()
  ) {
    fail(site, 'A part of another upload')
  }
  const guards = site.facts.guards.filter((name) => name !== 'x-amz-acl')
  if (guards.some((name) => !url.signedHeaders.includes(name))) fail(site, 'A part without a guard')
  checkDigests(site, asked, answer.headers ?? {})
  return { ...opening, ends: endOf(url) }
}

function baseOf(asked: Asked, answer: Answered, granted: Granted, size: number) {
  const digests = { md5: asked.md5, sha256: asked.sha256 } as { md5?: string; sha256?: string }
  const { url, headers = {}, fields } = answer
  return { who: granted.who, granted, size, url, headers, fields, ...digests, ends: 0 }
}

/** What a browser must send is signed, and the length too, which it sends by itself. */
function checkSignedWrite(
  site: Site,
  { url: address, headers, size, granted }: Opening,
): SignedUrl {
  const url = readSignedUrl(address)
  const { bucket, key } = site.s3.locate(address)
  if (bucket.name !== site.who.bucket || key !== granted.key) fail(site, 'A URL for another key')
  const sent: Record<string, string> = { 'content-length': String(size) }
  for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value
  if (Object.keys(sent).some((name) => !url.signedHeaders.includes(name))) {
    fail(site, `Not all headers are signed: ${url.signedHeaders}`)
  }
  if (Object.values(sent).some((value) => !/^[ -~]*$/.test(value))) {
    fail(site, 'A value that no header has')
  }
  checkSignature(site, url, 'PUT', sent)
  checkLife(site, url, site.facts.uploadSeconds)
  const { writer } = site.facts
  if (writer !== undefined && url.accessKeyId !== writer) fail(site, 'A PUT by a key that reads')
  return url
}

/** The keys are known, and have signed exactly this. */
export function checkSignature(
  site: Site,
  url: SignedUrl,
  method: string,
  headers: Readonly<Record<string, string>>,
): void {
  const key = site.world.findKey(url.accessKeyId)
  const right = key && signatureOf(url, method, headers, key.secretAccessKey)
  if (key === undefined || url.signature !== right || url.token !== key.sessionToken) {
    fail(site, `A signature that is not right, for ${method}`)
  }
}

/** A URL lives no longer than it may, nor than the keys that signed it. */
export function checkLife(site: Site, url: SignedUrl, seconds: number): void {
  const { world } = site
  if (!(url.expiresIn >= 1 && url.expiresIn <= seconds && url.signedAt <= world.now)) {
    fail(site, `A URL lives for ${url.expiresIn} seconds`)
  }
  const ends = world.findKey(url.accessKeyId)?.ends
  if (ends === undefined) return
  if (endOf(url) > ends) fail(site, 'A URL outlives its keys')
  if (url.expiresIn < seconds) world.note('life cut to that of the keys')
}

function judgeForm(site: Site, { url, fields, method }: Answered, granted: Granted): number {
  const { world, who, facts } = site
  const place = site.s3.places.find(({ bucket }) => bucket.name === who.bucket)
  if (url !== place?.base || method !== 'POST') fail(site, 'A form goes to another place')
  if (!facts.overwrites) fail(site, 'A form has no condition, and can replace an object')
  checkKey(site, fields.key)
  if (fields.key !== granted.key) fail(site, 'A form for another key')
  const [accessKeyId = '', ...scope] = fields['x-amz-credential'].split('/')
  const key = world.findKey(accessKeyId)
  const right = key && macOf(key.secretAccessKey, scope.join('/'), fields.policy)
  if (right !== fields['x-amz-signature']) fail(site, 'A form whose signature is not right')
  const { conditions, expiration } = readPolicy(fields)
  const { size } = granted
  if (!conditions.some((each) => String(each) === `content-length-range,${size},${size}`)) {
    fail(site, 'A form that takes another size')
  }
  const ends = Date.parse(expiration)
  if (!(ends <= world.now + facts.uploadSeconds * 1000)) fail(site, 'A form lives too long')
  if (key?.ends !== undefined && ends > key.ends) fail(site, 'A form outlives its keys')
  if (facts.writer !== undefined && accessKeyId !== facts.writer) {
    fail(site, 'A form by a key that reads')
  }
  world.note('form')
  return ends
}

/** A digest that was named is signed, so that no other bytes are taken. */
function checkDigests({ facts, ...site }: Site, asked: Asked, said: Answered): void {
  const md5 = asked.md5 ?? undefined
  if (said['Content-MD5'] !== md5) fail(site, 'The MD5 is not signed')
  if (facts.needsSha256 && said['x-amz-checksum-sha256'] !== asked.sha256) {
    fail(site, 'The checksum is not signed')
  }
}

/** What can run as a page is stored so that browsers save it, however a link to it is made. */
export function checkStoredHeaders(site: Pick<Site, 'world'>, said: Answered, type: string): void {
  const disposition = said['Content-Disposition'] ?? ''
  if (!isHarmless(type) && !disposition.startsWith('attachment;')) {
    fail(site, `${type} can be opened as a page: ${disposition}`)
  }
  if ((said['Content-Type'] ?? type) !== type) fail(site, 'It is stored as another type')
  checkDisposition(site, disposition)
}

/** The name cannot end its quotes, nor the header. */
export function checkDisposition(site: Pick<Site, 'world'>, disposition: string): void {
  const form =
    /^(?:(?:attachment|inline); filename="[ !#-[\]-~]*"; filename\*=UTF-8''(?:[\w.~-]|%[\dA-F]{2})*)?$/
  if (!form.test(disposition)) fail(site, `A disposition of another form: ${disposition}`)
}

export function fail({ world }: Pick<Site, 'world'>, said: string): void {
  world.fail(`${said}.`)
}
