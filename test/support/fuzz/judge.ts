/** Judges each answer by what was asked, and by what the fuzzer knows of grants and bucket. */
import type { Opening } from './client.ts'
import { hexOf } from './fake-s3.ts'
import type { Asked } from './judge-calls.ts'
import { judgeDiscardGrant, replacedProblem, UNCLEAR } from './judge-discards.ts'
import { judgeLink, keep } from './judge-links.ts'
import { judgeReceipt } from './judge-receipts.ts'
import { routeOf, routeProblem } from './judge-routes.ts'
import { checkKey, findTooLong } from './judge-texts.ts'
import {
  type Answered,
  checkLife,
  checkSignature,
  checkStoredHeaders,
  fail,
  judgePart,
  judgePut,
} from './judge-writes.ts'
import { countOf, DAY, type Granted, isSame, type Who } from './ledger.ts'
import { readSignedUrl } from './signed-url.ts'
import type { Site } from './site.ts'
import { MD5, REAL_TYPES, SHA256 } from './texts.ts'

const PURPOSES: Record<string, readonly Granted['kind'][]> = {
  put: ['put'],
  part: ['parts'],
  parts: ['parts'],
  complete: ['parts'],
  abort: ['parts'],
  link: ['put', 'done'],
  discard: ['discard'],
  // No signer here goes on with a file, so that no grant is for it.
  status: [],
}
const OPS = [...Object.keys(PURPOSES), 'create']

/**
 * Judges one answer.
 *
 * @param now when the call began, in ms since 1970
 */
export function judgeAnswer(site: Site, asked: Asked, answer: Answered, now: number): void {
  const { world } = site
  const op = String(asked.op)
  const problem = problemOf(site, asked, now)
  if (answer.error) {
    judgeRefusal(site, asked, answer.error, problem)
    return
  }
  world.note(`${op} granted`)
  if (!OPS.includes(op)) {
    fail(site, `"${op}" was answered`)
    return
  }
  if (problem !== undefined && problem !== UNCLEAR) {
    fail(site, `A grant was taken, though it ${problem}`)
    return
  }
  const long = findTooLong(asked)
  if (long !== undefined) fail(site, `"${long}" is longer than the protocol allows`)
  if (answer.key !== undefined) checkKey(site, answer.key)
  judgeRoute(site, asked, answer)
  judgeReceipt(site, asked, answer)
  judgeDiscardGrant(site, asked, answer, now)
  JUDGES[op]?.(site, asked, answer, now)
}

/** What was granted anew or again is what the route of the request takes. */
function judgeRoute(site: Site, asked: Asked, answer: Answered): void {
  if (asked.op !== 'put' && asked.op !== 'create') return
  const upload = site.bucketOf(site.who).begun.get(answer.uploadId)
  const { 'Content-Type': said } = answer.headers ?? answer.fields ?? {}
  const type = upload?.type ?? said ?? site.ledger.find(asked.grant)?.type ?? ''
  const problem = routeProblem(site, asked, { key: answer.key, type })
  if (problem !== undefined) fail(site, `A file was taken that ${problem}`)
}

function judgeRefusal(
  site: Site,
  asked: Asked,
  { code }: Answered,
  problem: string | undefined,
): void {
  const { world, facts } = site
  if (code === 'internal-error' && !world.incident.refusesOne) fail(site, 'An internal error')
  if (code === 'invalid-grant') {
    if (problem === undefined) fail(site, 'A good grant was refused')
    else world.note(`refused: the grant ${problem}`)
  } else {
    world.note(`refused: ${code}`)
  }
  const isNew = asked.op === 'put' || asked.op === 'create'
  const ofRoute = isNew && routeProblem(site, asked)
  if (ofRoute) world.note(`refused: what ${ofRoute}`)
  const isExcused = world.incident.refusesOne && code === 'internal-error'
  if (isPlainPut(site, asked) && !isExcused && !(facts.maxFiles && code === 'quota-reached')) {
    fail(site, `A plain file was refused: ${code}`)
  }
}

/** A request that each signer has to grant, whatever else is in its call. */
export function plainPut(
  { facts: { pageRoute: route } }: Site,
  { prefix }: Who,
  number: number,
): Record<string, unknown> {
  const name = `holiday-${number}.jpg`
  const file = { name, size: 5, type: 'image/jpeg', path: `${prefix}${name}` }
  const meta = { album: `holiday-${number}` }
  const plain = { id: `plain-${number}`, op: 'put', file, meta, md5: MD5, sha256: SHA256 }
  return route === undefined ? plain : { ...plain, route }
}

function isPlainPut(site: Site, asked: Asked): boolean {
  const [, number] = /^plain-(\d+)$/.exec(String(asked.id)) ?? []
  if (number === undefined) return false
  return JSON.stringify(asked) === JSON.stringify(plainPut(site, site.who, Number(number)))
}

/** Says why a grant must be refused; `undefined` where it is good, or not needed. */
function problemOf(site: Site, asked: Asked, now: number): string | undefined {
  const { op, grant, key } = asked
  const purposes = Object.hasOwn(PURPOSES, String(op)) ? PURPOSES[String(op)] : undefined
  if (purposes === undefined || grant === undefined || grant === null) return undefined
  const granted = site.ledger.find(grant)
  if (granted === undefined) return 'is not genuine'
  if (!isSame(granted.who, site.who)) return 'is that of another caller'
  if (granted.ends <= now) return 'has ended'
  if (!purposes.includes(granted.kind)) return `is for ${granted.kind}, and not for ${op}`
  if (op === 'link' && typeof key === 'string' && key !== granted.key) return 'is for another key'
  if (op === 'discard') return replacedProblem(site, granted)
  if (op !== 'put') return undefined
  const isOther = routeOf(site, asked) !== routeOf(site, granted.asked)
  return isOther ? 'is for another route' : otherFile(asked, granted)
}

function otherFile({ file, meta }: Asked, { asked, size, type }: Granted): string | undefined {
  const { size: saidSize, type: saidType, encoding } = (file ?? {}) as Asked
  if (saidSize !== size) return 'is for another size'
  if (encoding !== (asked.file as Asked).encoding) return 'is for another encoding'
  if (sorted(meta) !== sorted(asked.meta)) return 'is for other metadata'
  if (saidType === (asked.file as Asked).type || saidType === type) return undefined
  const isOther = isReal(saidType) || type !== 'application/octet-stream'
  return isOther ? 'is for another type' : UNCLEAR
}

function isReal(type: unknown): boolean {
  return typeof type === 'string' && REAL_TYPES.includes(type)
}

function sorted(meta: unknown): string {
  return JSON.stringify(Object.entries(meta ?? {}).sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Only bytes that are stored as compressed may be compressed. */
function checkEncoding(site: Site, { encoding }: Asked, answer: Answered): void {
  if (answer.encoding !== encoding) fail(site, `Asked to be stored as ${encoding}`)
  if (encoding !== undefined && !site.facts.takesGzip) fail(site, 'A file that is compressed')
  const { 'Content-Encoding': stored } = answer.fields ??
    answer.headers ?? { 'Content-Encoding': encoding }
  if (!answer.stored && stored !== encoding) fail(site, `Stored as ${stored}`)
  if (encoding !== undefined) site.world.note('compressed')
}

type Judge = (site: Site, asked: Asked, answer: Answered, now: number) => void

const JUDGES: Record<string, Judge> = {
  put(site, asked, answer, now) {
    const file = asked.file as Asked
    const again = site.ledger.find(asked.grant)
    const type = again?.type ?? answer.headers?.['Content-Type'] ?? answer.fields?.['Content-Type']
    const granted = again ?? grantedNew(site, asked, answer, { kind: 'put', type, ends: now + DAY })
    if (Number(file.size) > 5 * 2 ** 30) fail(site, 'More than 5 GiB in one PUT')
    if (again && answer.key !== again.key) fail(site, 'A grant leads to another key')
    checkEncoding(site, file, answer)
    if (answer.stored) judgeStored(site, asked, answer, again)
    else keepOpening(site, judgePut(site, asked, answer, granted))
    if (answer.downloadUrl !== undefined) judgeLink(site, asked, answer, granted)
  },
  create(site, asked, answer, now) {
    const { uploadId, partSize, key } = answer
    checkEncoding(site, asked.file as Asked, answer)
    const upload = site.bucketOf(site.who).begun.get(uploadId)
    if (upload?.key !== key) fail(site, 'An upload that was not begun')
    const { type = '', disposition = '' } = upload ?? {}
    checkStoredHeaders(site, { 'Content-Disposition': disposition }, type)
    const made = { kind: 'parts' as const, type, ends: now + 7 * DAY, uploadId, partSize }
    const granted = grantedNew(site, asked, answer, made)
    const isSize = Number.isSafeInteger(partSize) && partSize >= 1
    if (!isSize || countOf(granted) > 10_000) fail(site, `Parts of ${partSize} bytes`)
  },
  part(site, asked, answer) {
    const granted = site.ledger.find(asked.grant)
    if (granted === undefined) return
    if (Number(asked.partNumber) > countOf(granted)) fail(site, 'A part above the last')
    keepOpening(site, judgePart(site, asked, answer, granted))
  },
  parts(site, asked, { url: address, method }) {
    const url = readSignedUrl(address)
    const granted = site.ledger.find(asked.grant)
    const { key, bucket } = site.s3.locate(address)
    const isOwn = key === granted?.key && bucket.name === site.who.bucket
    const isList = method === 'GET' && url.query.get('uploadId') === granted?.uploadId
    if (!isOwn || !isList) fail(site, 'A list of the parts of another upload')
    checkSignature(site, url, 'GET', {})
    checkLife(site, url, site.facts.uploadSeconds)
  },
  complete(site, asked, answer, now) {
    const granted = site.ledger.find(asked.grant)
    if (granted === undefined) return
    if (answer.url !== undefined) fail(site, 'It leaves the completing to the page')
    checkGrant(site, answer)
    const { key, size, type, who } = granted
    const ends = now + DAY
    site.ledger.add({
      text: answer.grant,
      kind: 'done',
      who,
      key,
      size,
      type,
      asked: granted.asked,
      ends,
    })
    judgeLink(site, asked, answer, granted)
  },
  abort(site, _, answer) {
    if (Object.keys(answer).join() !== 'id') fail(site, 'It leaves the aborting to the page')
  },
  discard(site, _, answer) {
    if (Object.keys(answer).join() !== 'id') fail(site, 'It leaves the discarding to the page')
  },
  link(site, asked, answer) {
    judgeLink(site, asked, answer, site.ledger.find(asked.grant))
  },
}

function keepOpening(site: Site, opening: Opening): void {
  site.latest.push(opening)
  keep(site.openings, site, opening)
}

/** Writes down what was granted anew. */
function grantedNew(
  site: Site,
  asked: Asked,
  answer: Answered,
  made: Pick<Granted, 'kind' | 'type' | 'ends' | 'uploadId' | 'partSize'>,
): Granted {
  const { facts, who, ledger } = site
  const { size, type } = asked.file as { size: number; type: unknown }
  const { key, grant: text } = answer
  checkGrant(site, answer)
  if (!site.announced.has(key)) fail(site, 'onSigned was not told')
  if (!(size <= facts.maxSize)) fail(site, 'It is larger than it may be')
  if (isReal(type) && made.type !== type) fail(site, `${type} is stored otherwise`)
  const isUnsafe = /^multipart\/|\/unknown$|[^ -~]|^[^/]*$|,/.test(made.type)
  if (isUnsafe) fail(site, `It is stored as ${made.type}`)
  const granted = ledger.add({ text, who, key, size, asked, ...made })
  const isOther = (other: Granted) => other.size !== size || other.type !== made.type
  if (!facts.repeatsKeys && !facts.repeatsInBatch && ledger.forKey(who.bucket, key).some(isOther)) {
    fail(site, `Two files have the key ${key}`)
  }
  return granted
}

/** A grant does not show whose it is. */
function checkGrant(site: Site, { grant }: Answered): void {
  const [payload = ''] = String(grant).split('.')
  const { key: _, name: __, ...shown } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  if (site.who.user !== null && JSON.stringify(shown).includes(site.who.user)) {
    fail(site, 'A grant shows the user')
  }
}

/** What is said to be stored is there, with the bytes that were named. */
function judgeStored(site: Site, { md5 }: Asked, answer: Answered, again?: Granted): void {
  site.world.note('stored already')
  if (again === undefined || answer.url !== undefined) fail(site, 'A new file is stored already')
  const versions = site.bucketOf(site.who).during(answer.key)
  // With no MD5 the key has to say it: no other file has one with a random id in it.
  const isOwn = /[0-9a-f]{32}/.test(String(answer.key))
  const isNamed = (etag: string) => (md5 === undefined ? isOwn : etag === hexOf(String(md5)))
  const isThere = versions.some(({ etag, size }) => isNamed(etag) && size === again?.size)
  if (!isThere) fail(site, 'Something else is stored than what was named')
}
