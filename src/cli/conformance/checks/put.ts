/** `put`: what the signed URL is bound to, and who chooses it. */
import {
  type Check,
  type Context,
  type Finding,
  fault,
  firstOf,
  ok,
  skipped,
  warning,
} from './check.ts'
import type { Answer } from './probe.ts'
import { readTarget, type Target } from './signed-target.ts'

/** No signer would choose them by itself. */
const ODD_SECONDS = 432_017
const FOREIGN_KEY = 'conformance-foreign/key.txt'
/** A day, in seconds. */
const LONG = 86_400
/** What Signature Version 4 allows. */
const LONGEST = 604_800

const HOSTILE_NAMES = [
  '../../../etc/passwd',
  '..\\..\\boot.ini',
  '%2e%2e%2f%2e%2e%2fsecret',
  'a/../../../b.txt',
  '/absolute.txt',
  '..',
  '.',
  '',
  'nul\u0000.txt',
  'line\r\nX-Evil: 1.txt',
  '\u202Egnp.exe',
  'x'.repeat(3000),
  '__proto__',
]

/** What was signed, if anything was. */
export function targetOf({ signed }: Answer): Target | undefined {
  return signed?.url === undefined ? undefined : readTarget(signed.url, signed.fields)
}

const NOTHING = skipped('Nothing was signed.')

async function checkNew({ probe, file, put }: Context): Promise<Finding> {
  const [one, other] = [targetOf(put), targetOf(await probe.ask({ op: 'put', file }))]
  if (!one || !other) return NOTHING
  if (one.path !== other.path) return ok()
  return fault('Two files of one name get the same key, so one overwrites the other.')
}

async function checkSize({ put }: Context): Promise<Finding> {
  const target = targetOf(put)
  if (!target) return NOTHING
  if (target.formSize !== undefined || target.signedHeaders.includes('content-length')) return ok()
  if (target.kind === 'other') return warning('It cannot be told from the URL.')
  const why = target.kind === 'v2' ? ' Signature Version 2 cannot: use version 4.' : ''
  return fault(`Content-Length is not signed, so the URL stores a file of any size.${why}`)
}

async function checkType({ put }: Context): Promise<Finding> {
  const target = targetOf(put)
  if (!target) return NOTHING
  if (target.signedHeaders.includes('content-type')) return ok()
  if (target.kind === 'other' || target.kind === 'v2') return warning('It cannot be told.')
  return fault(
    'Content-Type is not signed, so the URL stores any type, such as a page with script.',
  )
}

async function checkLimit({ probe, file }: Context): Promise<Finding> {
  for (const size of [Number.MAX_SAFE_INTEGER, 6e12, 6e9]) {
    const { signed, reply } = await probe.ask({ op: 'put', file: { ...file, size } })
    if (signed)
      return fault(`It signs one PUT of ${size} bytes. S3 takes 5 GB; set a limit of yours.`)
    if (reply.status >= 500) return fault(`The signer fails (${reply.status}) on a large size.`)
  }
  return ok()
}

async function checkExpiry({ put }: Context): Promise<Finding> {
  const target = targetOf(put)
  if (!target) return NOTHING
  const { lifetime } = target
  if (lifetime === undefined) return warning('The URL does not say when it ends.')
  if (!(lifetime > 0)) return fault('The URL has expired before it came.')
  const said = `${Math.round(lifetime)} seconds`
  if (lifetime > LONGEST) return fault(`It lives for ${said}: more than S3 accepts.`)
  return lifetime > LONG ? warning(`It lives for ${said}. Minutes are enough.`) : ok(said)
}

async function checkClientExpiry({ probe, file, put }: Context): Promise<Finding> {
  const seconds = ODD_SECONDS
  const expiresAt = new Date(Date.now() + seconds * 1000).toISOString()
  const wish = { expiresIn: seconds, expires: seconds, expiry: seconds, ttl: seconds, expiresAt }
  const answer = await probe.ask({ op: 'put', ...wish, file: { ...file, ...wish } })
  const [before, after] = [targetOf(put)?.lifetime, targetOf(answer)?.lifetime]
  if (before === undefined || after === undefined) return NOTHING
  if (after <= before + 60) return ok()
  return fault(`A request chose the lifetime of its URL: ${Math.round(after)} seconds.`)
}

async function checkClientKey({ probe, file, put }: Context): Promise<Finding> {
  const wish = {
    key: FOREIGN_KEY,
    Key: FOREIGN_KEY,
    objectKey: FOREIGN_KEY,
    prefix: 'conformance-foreign/',
  }
  const answer = await probe.ask({
    op: 'put',
    ...wish,
    bucket: 'other',
    file: { ...file, ...wish },
  })
  const [before, after] = [targetOf(put), targetOf(answer)]
  if (!before || !after) return NOTHING
  if (after.host !== before.host) return fault('A request chose the bucket.')
  if (!after.path.includes('conformance-foreign')) return ok()
  return fault('A request chose the key, so each caller can overwrite the files of all others.')
}

async function checkNames({ probe, file }: Context): Promise<Finding> {
  const findings: Finding[] = []
  for (const name of HOSTILE_NAMES) {
    for (const fields of [{ name }, { path: name }, { name, path: `a/${name}` }]) {
      const answer = await probe.ask({ op: 'put', file: { ...file, ...fields } })
      if (answer.reply.status >= 500) {
        findings.push(fault(`The signer fails (${answer.reply.status}) on ${show(name)}.`))
      }
      const target = targetOf(answer)
      if (target) findings.push(judgePath(target, name))
    }
  }
  return firstOf(findings, ok())
}

function judgePath({ path, rawPath }: Target, name: string): Finding {
  // Some servers decode twice.
  const forms = [rawPath, path, safeDecode(path)].map((it) => it.replaceAll('\\', '/'))
  if (forms.some((it) => it.split('/').some((part) => part === '..' || part === '.'))) {
    return fault(`The name ${show(name)} leads the key out of its folder.`)
  }
  if (/\p{Cc}/u.test(path))
    return fault(`The name ${show(name)} puts a control character in the key.`)
  if (/[^/]{1025}/.test(path)) return fault('A long name makes a key that S3 does not take.')
  return ok()
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function show(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name)
}

async function checkHttps({ put }: Context): Promise<Finding> {
  const target = targetOf(put)
  if (!target || target.protocol === 'https:') return ok()
  const local = /^(localhost|127\.|\[::1\]|10\.|192\.168\.)/.test(target.host)
  return local
    ? ok('Plain http, on this machine.')
    : fault('The URL is http: anybody on the way can use it.')
}

async function checkPage({ probe, file }: Context): Promise<Finding> {
  const page = { ...file, name: 'conformance.html', type: 'text/html' }
  const { signed } = await probe.ask({ op: 'put', file: page })
  const query = signed?.downloadUrl ? new URL(signed.downloadUrl).searchParams : undefined
  const shown = query?.get('response-content-disposition')
  if (!query || shown?.startsWith('attachment')) return ok()
  return warning('A page with script can be uploaded, and its link shows it instead of saving it.')
}

async function checkDelete({ probe, put }: Context): Promise<Finding> {
  const key = put.signed?.key ?? FOREIGN_KEY
  for (const op of ['delete', 'remove', 'deleteObject', 'DELETE']) {
    const { signed, reply } = await probe.ask({ op, key, keys: [key] })
    if (signed) return fault(`It deletes, or signs a deletion, because a request says "${op}".`)
    if (reply.status >= 500) return fault(`The signer fails (${reply.status}) on the op "${op}".`)
  }
  return ok()
}

export const PUT_CHECKS: Check[] = [
  { id: 'new-key', about: 'put', title: 'gives each file a different key', run: checkNew },
  { id: 'size-bound', about: 'put', title: 'binds the URL to the size', run: checkSize },
  { id: 'type-bound', about: 'put', title: 'binds the URL to the type', run: checkType },
  { id: 'size-limit', about: 'put', title: 'has a limit of size', run: checkLimit },
  { id: 'expiry', about: 'put', title: 'lets the URL expire soon', run: checkExpiry },
  { id: 'client-expiry', about: 'put', title: 'chooses the expiry itself', run: checkClientExpiry },
  { id: 'client-key', about: 'put', title: 'chooses the key itself', run: checkClientKey },
  { id: 'names', about: 'put', title: 'keeps hostile names out of the key', run: checkNames },
  { id: 'https', about: 'put', title: 'signs for https', run: checkHttps },
  { id: 'pages', about: 'put', title: 'has pages saved and not shown', run: checkPage },
  { id: 'delete', about: 'put', title: 'deletes nothing', run: checkDelete },
]
