/** Uploads in parts. What is begun here is thrown away at the end. */
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
import { targetOf } from './put.ts'

const NONE = skipped('It knows no uploads in parts.')

async function checkCreate({ create }: Context): Promise<Finding> {
  const { signed, code, reply } = create
  if (code === 'unsupported-op') return NONE
  if (code === 'internal-error' || reply.status >= 500) {
    return fault('It cannot begin an upload: does its bucket exist, and may its key write to it?')
  }
  if (!signed) return fault(`A "create" like the "put" before it was refused with "${code}".`)
  if (signed.grant === undefined && signed.url === undefined)
    return fault('There is no "grant" in it.')
  return signed.key === undefined ? warning('There is no "key" in it.') : ok()
}

async function checkCreateSize({ probe, file, create }: Context): Promise<Finding> {
  if (!create.signed) return NONE
  const size = Number.MAX_SAFE_INTEGER
  const { signed } = await probe.ask({ op: 'create', file: { ...file, size } })
  return signed ? fault(`It begins an upload of ${size} bytes. Set a limit.`) : ok()
}

async function checkPart(context: Context): Promise<Finding> {
  const { grant } = context.create.signed ?? {}
  if (grant === undefined) return NONE
  const { file, probe } = context
  const answer = await probe.ask({ op: 'part', grant, partNumber: 1, size: file.size })
  const target = targetOf(answer)
  if (!target) return fault(`A "part" was refused with "${answer.code}".`)
  if (target.query.get('partNumber') !== '1' || !target.query.get('uploadId')) {
    return fault('The URL does not name the part and the upload.')
  }
  if (target.kind === 'v4' && !target.signedHeaders.includes('content-length')) {
    return warning('The URL takes a part of any size.')
  }
  return ok()
}

async function checkPartFields({ create, probe, file }: Context): Promise<Finding> {
  const { grant } = create.signed ?? {}
  if (grant === undefined) return NONE
  const findings: Finding[] = []
  for (const partNumber of [0, -1, 10_001, 1.5, '1', null, [1], '1&uploadId=x']) {
    const { signed, reply } = await probe.ask({ op: 'part', grant, partNumber, size: file.size })
    const what = JSON.stringify(partNumber)
    if (signed) findings.push(fault(`It signs a part with the number ${what}.`))
    if (reply.status >= 500) findings.push(fault(`The signer fails on the part number ${what}.`))
  }
  const large = await probe.ask({ op: 'part', grant, partNumber: 1, size: file.size + 1 })
  if (large.signed) findings.push(warning('It signs a part that is larger than the file.'))
  return firstOf(findings, ok())
}

async function checkStored({ create, probe, file }: Context): Promise<Finding> {
  const { grant } = create.signed ?? {}
  if (grant === undefined) return NONE
  const { signed } = await probe.ask({ op: 'part', grant, partNumber: 1, size: file.size })
  if (signed?.url === undefined) return skipped('No part was signed.')
  const body = new Uint8Array(file.size)
  const { url, method = 'PUT', headers = {} } = signed
  const stored = await reach(url, { method, headers, body })
  if (stored === 0) return warning('The bucket cannot be reached from here.')
  if (stored !== 200) return fault(`The bucket answers ${stored} to a part. "doctor" may tell why.`)
  const list = await probe.ask({ op: 'parts', grant })
  if (list.code === 'unsupported-op') return ok('A part was stored; it cannot list parts.')
  const listed = list.signed?.url === undefined ? 0 : await reach(list.signed.url, {})
  return listed === 200
    ? ok('A part was stored and listed.')
    : fault(`The list of parts answers ${listed}.`)
}

async function checkAbort({ create, probe, file }: Context): Promise<Finding> {
  if (create.signed?.grant === undefined) return NONE
  const begun = await probe.ask({ op: 'create', file })
  const { grant } = begun.signed ?? {}
  if (grant === undefined) return skipped('No second upload was begun.')
  const part = await probe.ask({ op: 'part', grant, partNumber: 1, size: file.size })
  const { signed, code } = await probe.ask({ op: 'abort', grant })
  if (code === 'unsupported-op')
    return warning('It cannot throw an upload away: set a rule on the bucket that does.')
  if (!signed) return fault(`An "abort" was refused with "${code}".`)
  if (signed.url !== undefined) await reach(signed.url, { method: signed.method ?? 'DELETE' })
  probe.begun.delete(grant)
  const { url, headers = {} } = part.signed ?? {}
  if (url === undefined) return ok()
  const status = await reach(url, { method: 'PUT', headers, body: new Uint8Array(file.size) })
  return status === 200 ? fault('After an "abort", the bucket still takes parts of it.') : ok()
}

/** A signer may take no streams: then it refuses. */
async function checkStream({ create, probe, file }: Context): Promise<Finding> {
  if (create.signed?.grant === undefined) return NONE
  const { size: _, ...stream } = file
  const { signed, reply } = await probe.ask({ op: 'create', file: stream })
  if (reply.status >= 500) return fault('The signer fails on a file without a size.')
  const { grant, partSize, maxSize } = signed ?? {}
  if (grant === undefined) return skipped('It takes no streams.')
  if (partSize === undefined || maxSize === undefined) {
    return fault(
      'It begins an upload of a file without a size, and tells no "partSize" or "maxSize".',
    )
  }
  const signs = async (partNumber: number, size?: number) =>
    (await probe.ask({ op: 'part', grant, partNumber, ...(size && { size }) })).signed !== undefined
  if (!(await signs(1, Math.min(partSize, maxSize)))) return fault('It signs no part of a stream.')
  if (await signs(1, partSize + 1)) return fault('It signs a part larger than its "partSize".')
  if (await signs(1)) return fault('It signs a part of a stream without a size.')
  const over = Math.floor(maxSize / partSize) + 1
  if (over <= 10_000 && (await signs(over, (maxSize % partSize) + 1))) {
    return fault('It signs parts that are together larger than its "maxSize".')
  }
  return ok()
}

/** The status of an answer, or 0 if there is none. */
async function reach(url: string, init: RequestInit): Promise<number> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

export const MULTIPART_CHECKS: Check[] = [
  { id: 'create', about: 'create', title: 'begins an upload in parts', run: checkCreate },
  { id: 'create-limit', about: 'create', title: 'has a limit of size', run: checkCreateSize },
  { id: 'part', about: 'part', title: 'signs a part', run: checkPart },
  { id: 'part-fields', about: 'part', title: 'refuses parts that cannot be', run: checkPartFields },
  { id: 'stored', about: 'parts', title: 'the bucket takes a part and lists it', run: checkStored },
  { id: 'stream', about: 'create', title: 'limits a stream', run: checkStream },
  { id: 'abort', about: 'abort', title: 'throws an upload away', run: checkAbort },
]
