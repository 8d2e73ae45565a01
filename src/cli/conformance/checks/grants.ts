/** Grants: what they are good for, and what a client can make of them. */
import { type Check, type Context, type Finding, fault, firstOf, ok, skipped } from './check.ts'
import { targetOf } from './put.ts'

const NONE = skipped('It gives no grants.')
const FOREIGN_KEY = 'conformance-foreign/key.txt'

/** Grants that were never issued, made of one that was. */
function forgeries(grant: string): Record<string, string> {
  const at = (index: number) => {
    const character = grant[index] === 'A' ? 'B' : 'A'
    return grant.slice(0, index) + character + grant.slice(index + 1)
  }
  const claim = { key: FOREIGN_KEY, uploadId: 'x', size: 1e9, user: null, expires: 1e11 }
  const payload = btoa(JSON.stringify({ purpose: 'multipart', ...claim })).replace(/=+$/, '')
  return {
    'one that is empty': '',
    'a word': 'grant',
    'one that is cut off': grant.slice(0, -5),
    'half of one': grant.slice(0, grant.length / 2),
    'one with a change at its begin': at(1),
    'one with a change in its middle': at(Math.floor(grant.length / 2)),
    'one with a change before its end': at(grant.length - 3),
    'one without its signature': payload,
    'one with another payload': `${payload}.${grant.split('.').at(-1)}`,
    'one that is JSON': JSON.stringify(claim),
    'a bare key': FOREIGN_KEY,
  }
}

async function checkAgain({ probe, file, put }: Context): Promise<Finding> {
  const { grant } = put.signed ?? {}
  if (grant === undefined) return NONE
  const again = targetOf(await probe.ask({ op: 'put', file, grant }))
  if (!again) return fault('A "put" with the grant of an earlier one is refused.')
  if (again.path === targetOf(put)?.path) return ok()
  return fault('A "put" with the grant of an earlier one gets another key.')
}

async function checkOtherFile({ probe, file, put }: Context): Promise<Finding> {
  const { grant } = put.signed ?? {}
  if (grant === undefined) return NONE
  const answer = await probe.ask({ op: 'put', grant, file: { ...file, size: file.size + 1 } })
  const same = targetOf(answer)?.path === targetOf(put)?.path
  return same ? fault('A grant for one file signs another size under its key.') : ok()
}

async function checkForged(context: Context): Promise<Finding> {
  const { probe, file, put, create } = context
  const grant = create.signed?.grant ?? put.signed?.grant
  if (grant === undefined) return NONE
  const ops = [
    ...(put.signed?.grant === undefined ? [] : ['put', 'link', 'status']),
    ...(create.signed ? ['part', 'parts', 'complete', 'abort'] : []),
  ]
  const findings: Finding[] = []
  for (const [what, forged] of Object.entries(forgeries(grant))) {
    for (const op of ops) {
      const request = { op, grant: forged, file, partNumber: 1, size: file.size }
      const { signed, reply } = await probe.ask(request)
      if (signed) findings.push(fault(`"${op}" takes a grant that was never issued: ${what}.`))
      if (reply.status >= 500)
        findings.push(fault(`The signer fails (${reply.status}) on a grant: ${what}.`))
    }
  }
  return firstOf(findings, ok())
}

async function checkReplay({ probe, file, put, create }: Context): Promise<Finding> {
  const findings: Finding[] = []
  const judge = (op: string, path: string | undefined, own: string | undefined) => {
    if (path === undefined || own === undefined || path.endsWith(`/${own}`)) return
    findings.push(
      fault(`"${op}" signs another key than that of the grant, because a request names it.`),
    )
  }
  const { grant, key } = create.signed ?? {}
  if (grant !== undefined) {
    const request = {
      op: 'part',
      grant,
      key: FOREIGN_KEY,
      uploadId: 'other',
      partNumber: 1,
      size: file.size,
    }
    const target = targetOf(await probe.ask(request))
    judge('part', target?.path, key)
    if (target?.query.get('uploadId') === 'other') {
      findings.push(fault('"part" signs for another upload than that of the grant.'))
    }
  }
  const own = put.signed
  if (own?.grant !== undefined) {
    const again = await probe.ask({ op: 'put', grant: own.grant, file, key: FOREIGN_KEY })
    judge('put', targetOf(again)?.path, own.key)
    const { signed } = await probe.ask({ op: 'link', grant: own.grant, key: FOREIGN_KEY })
    if (signed?.downloadUrl?.includes('conformance-foreign')) {
      findings.push(fault('"link" signs another key than that of the grant.'))
    }
  }
  if (grant === undefined && own?.grant === undefined) return NONE
  return firstOf(findings, ok())
}

async function checkKind({ probe, file, put, create }: Context): Promise<Finding> {
  const { grant } = put.signed ?? {}
  if (grant === undefined || !create.signed) return NONE
  for (const op of ['part', 'parts', 'complete', 'abort']) {
    const { signed } = await probe.ask({ op, grant, partNumber: 1, size: file.size })
    if (signed) return fault(`"${op}" takes the grant of a "put".`)
  }
  return ok()
}

/** What removes an object is a grant of its own, which comes only once the object is there. */
async function checkDiscard({ probe, file, put, create }: Context): Promise<Finding> {
  const own = [put.signed?.grant, create.signed?.grant].filter((grant) => grant !== undefined)
  const forged = own.flatMap((grant) => Object.values(forgeries(grant)))
  const key = put.signed?.key ?? FOREIGN_KEY
  const findings: Finding[] = []
  for (const grant of [undefined, ...own, ...forged]) {
    const { signed, reply } = await probe.ask({ op: 'discard', grant, key })
    if (signed) findings.push(fault('It discards without a grant for that.'))
    if (reply.status >= 500) {
      findings.push(fault(`The signer fails (${reply.status}) on a "discard".`))
    }
  }
  const early = own[0] && (await probe.ask({ op: 'link', grant: own[0] })).signed?.discardGrant
  const answers = [await probe.ask({ op: 'put', file }), put, create]
  if (early || answers.some(({ signed }) => signed?.discardGrant !== undefined)) {
    findings.push(fault('It gives a "discardGrant" for a file that is not there.'))
  }
  return firstOf(findings, ok())
}

export const GRANT_CHECKS: Check[] = [
  { id: 'again', about: 'grant', title: 'a grant gets the same key again', run: checkAgain },
  { id: 'other-file', about: 'grant', title: 'a grant is for one file', run: checkOtherFile },
  { id: 'forged', about: 'grant', title: 'no grant can be forged', run: checkForged },
  { id: 'replay', about: 'grant', title: 'a grant is for one key', run: checkReplay },
  { id: 'kind', about: 'grant', title: 'a grant is of one kind', run: checkKind },
  { id: 'discard', about: 'grant', title: 'removes nothing by another grant', run: checkDiscard },
]
