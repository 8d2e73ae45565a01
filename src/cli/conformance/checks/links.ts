/** `link`: which objects, and for how long. */
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
import { readTarget } from './signed-target.ts'

const NONE = skipped('It signs no links.')
const FOREIGN = ['conformance-foreign/secret.txt', '../conformance-foreign.txt', '/', '', '.', '*']
/** In seconds. */
const WEEK = 604_799
const YEAR = 31_536_000

const linkOf = ({ put, create }: Context) => {
  const grant = put.signed?.grant ?? create.signed?.grant
  return grant === undefined ? undefined : { op: 'link', grant }
}

async function checkLink(context: Context): Promise<Finding> {
  const request = linkOf(context)
  if (!request) return skipped('There is no grant to ask with.')
  const { signed, code } = await context.probe.ask(request)
  if (code === 'unsupported-op') return NONE
  if (code === 'upload-incomplete') return ok('It waits until the file is there.')
  if (!signed) return fault(`A "link" was refused with "${code}".`)
  if (signed.downloadUrl === undefined) return fault('There is no "downloadUrl" in it.')
  const key = context.put.signed?.key
  const { path, lifetime } = readTarget(signed.downloadUrl)
  if (key !== undefined && lifetime !== undefined && !path.endsWith(`/${key}`)) {
    return fault('The link is to another object than that of the grant.')
  }
  return lifetime === undefined ? ok('It does not expire.') : ok(`${Math.round(lifetime)} seconds`)
}

async function checkForeign({ probe }: Context): Promise<Finding> {
  const findings: Finding[] = []
  for (const key of FOREIGN) {
    const { signed, reply, code } = await probe.ask({ op: 'link', key })
    if (code === 'unsupported-op') return NONE
    if (signed?.downloadUrl)
      findings.push(fault('It signs a link to any key that a request names.'))
    if (reply.status >= 500)
      findings.push(fault(`The signer fails on a link to ${JSON.stringify(key)}.`))
  }
  return firstOf(findings, ok())
}

async function checkLifetime(context: Context): Promise<Finding> {
  const request = linkOf(context)
  if (!request) return skipped('There is no grant to ask with.')
  const lifetime = async (more: object) => {
    const { signed } = await context.probe.ask({ ...request, ...more })
    return signed?.downloadUrl === undefined ? undefined : readTarget(signed.downloadUrl).lifetime
  }
  const usual = await lifetime({})
  if (usual === undefined) return NONE
  for (const expiresIn of [WEEK, YEAR]) {
    const wished = await lifetime({ expiresIn })
    if (wished === undefined || usual >= WEEK || wished < WEEK) continue
    return fault(
      `A request had its link live for ${Math.round(wished)} seconds; by itself it lives for ${Math.round(usual)}.`,
    )
  }
  const short = await lifetime({ expiresIn: 60 })
  return short !== undefined && short > 60
    ? warning('A link lives longer than was asked for.')
    : ok()
}

/** What the site does with a file begins when it is there. */
async function checkStatus({ probe, put }: Context): Promise<Finding> {
  const { grant } = put.signed ?? {}
  if (grant === undefined) return skipped('There is no grant to ask with.')
  const { signed, code } = await probe.ask({ op: 'status', grant })
  if (code === 'unsupported-op') return skipped('It does nothing with files after the upload.')
  return signed ? fault('"status" tells of a file that is not there.') : ok()
}

/** A receipt is for the site's own back end, which believes it. */
async function checkReceipt({ probe, file }: Context): Promise<Finding> {
  const { signed: put } = await probe.ask({ op: 'put', file })
  const { signed: link } = put?.grant ? await probe.ask({ op: 'link', grant: put.grant }) : {}
  return put?.receipt === undefined && link?.receipt === undefined
    ? ok()
    : fault('It gives a receipt for a file that is not there.')
}

export const LINK_CHECKS: Check[] = [
  { id: 'link', about: 'link', title: 'signs a link to what was uploaded', run: checkLink },
  { id: 'link-foreign', about: 'link', title: 'signs no link to any key', run: checkForeign },
  { id: 'link-expiry', about: 'link', title: 'limits the life of links', run: checkLifetime },
  { id: 'status', about: 'link', title: 'tells no status too early', run: checkStatus },
  { id: 'receipt', about: 'link', title: 'gives no receipt too early', run: checkReceipt },
]
