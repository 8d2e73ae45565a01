/** The call as a whole: what is well-formed, and what is answered to what is not. */
import { ProtocolError, parseSignerResponse } from '../../../protocol/index.ts'
import { type Check, type Context, type Finding, fault, firstOf, ok, warning } from './check.ts'
import { type Reply, readAnswer } from './probe.ts'

const MALFORMED: Record<string, string> = {
  'no JSON': 'not JSON',
  'an empty body': '',
  'a list': '[]',
  null: 'null',
  'no requests': '{"version":1}',
  'requests that are no list': '{"version":1,"requests":{}}',
  'a request that is null': '{"version":1,"requests":[null]}',
  'a request without op': '{"version":1,"requests":[{"id":"1"}]}',
  'deep nesting': `{"version":1,"requests":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
}

/** What a file can be that is none. */
const CONFUSED: Record<string, object> = {
  'no file': { file: undefined },
  'a file that is null': { file: null },
  'a file that is a text': { file: 'cat.jpg' },
  'a size that is a text': { size: '48211' },
  'a size below 0': { size: -1 },
  'a size with a fraction': { size: 1.5 },
  'a size that is null': { size: null },
  'a size that is a list': { size: [1] },
  'a size that is true': { size: true },
  'a name that is a number': { name: 7 },
  'a name that is a list': { name: ['a'] },
  'a name that is an object': { name: { toString: 'x' } },
}

async function checkShape({ put }: Context): Promise<Finding> {
  const { reply, code, signed } = put
  if (reply.status !== 200) return fault(`The status is ${reply.status}. ${refused(code)}`)
  try {
    parseSignerResponse(reply.json)
  } catch (error) {
    if (error instanceof ProtocolError) return fault(error.message)
    throw error
  }
  if (!/^application\/json/i.test(reply.headers.get('Content-Type') ?? '')) {
    return warning('The Content-Type of the answer is not application/json.')
  }
  if (!signed) return fault(refused(code))
  return /^https?:\/\/./.test(signed.url ?? '') ? ok() : fault('There is no absolute "url" in it.')
}

function refused(code: string): string {
  const why = code === '' ? '' : ` with "${code}"`
  return `A plain "put" was refused${why}: name a file that it takes with --name, --type and --size, and who you are with --header-from.`
}

async function checkIds({ probe, file, route }: Context): Promise<Finding> {
  const ids = ['a"1', 'ü/2', '3']
  const requests = ids.map((id) => ({ id, op: 'put', route, file }))
  const { json, status } = await probe.post(JSON.stringify({ version: 1, requests }))
  if (status !== 200) return fault(`Three requests in one call are answered with ${status}.`)
  const { responses = [] } = (json ?? {}) as { responses?: { id?: unknown }[] }
  const answered = responses.map(({ id }) => id)
  if (answered.some((id) => !ids.includes(String(id)))) {
    return fault('An answer has an "id" that no request had.')
  }
  if (answered.length === ids.length) return ok('Three requests in one call are all answered.')
  return answered.length > 0
    ? warning('It answers only some of the requests of a call, so the browser asks one by one.')
    : fault('A call with three requests has no answer.')
}

async function checkUnknownOp({ probe }: Context): Promise<Finding> {
  const { code, reply, signed } = await probe.ask({ op: 'conformance-unknown' })
  if (signed) return fault('An op that does not exist is answered as if it were done.')
  if (code === 'unsupported-op' && reply.status === 200) return ok()
  return fault(
    `An op that it does not know must be refused with "unsupported-op" in its response, not with ${reply.status} "${code}".`,
  )
}

async function checkUnknownFields({ probe, file }: Context): Promise<Finding> {
  const { signed } = await probe.ask({ op: 'put', file: { ...file, later: 1 }, later: { a: [1] } })
  return signed ? ok() : fault('A field that it does not know has it refuse the request.')
}

async function checkVersion({ probe, file, route }: Context): Promise<Finding> {
  const answers: Finding[] = []
  for (const version of [2, '1', null, undefined]) {
    const body = JSON.stringify({ version, requests: [{ id: '1', op: 'put', route, file }] })
    const reply = await probe.post(body)
    if (hasUrl(reply))
      answers.push(fault(`It answers a call of version ${JSON.stringify(version)}.`))
    else answers.push(crash(reply, 'another version'))
  }
  return firstOf(answers, ok())
}

async function checkMalformed({ probe }: Context): Promise<Finding> {
  const findings: Finding[] = []
  for (const [what, body] of Object.entries(MALFORMED)) {
    const reply = await probe.post(body)
    const { code } = readAnswer(reply)
    // What is wrong with one request may also be told in its own response.
    const isToldThere = reply.status === 200 && /^(bad-request|unsupported-op)$/.test(code)
    const good = isToldThere || (reply.status >= 400 && reply.status < 500)
    findings.push(crash(reply, what))
    if (!good) findings.push(fault(`The answer to ${what} has status ${reply.status}, not 400.`))
    else if (code === '') {
      findings.push(warning('The body of an error is not { "error": { "code", "message" } }.'))
    }
  }
  // What is worst counts.
  return firstOf(
    [...findings].sort((one) => (one.verdict === 'fault' ? -1 : 0)),
    ok(),
  )
}

async function checkTypes({ probe, file }: Context): Promise<Finding> {
  const findings: Finding[] = []
  for (const [what, change] of Object.entries(CONFUSED)) {
    const request = 'file' in change ? change : { file: { ...file, ...change } }
    const { reply, signed } = await probe.ask({ op: 'put', ...request })
    findings.push(signed ? fault(`It signs for ${what}.`) : crash(reply, what))
  }
  return firstOf(findings, ok())
}

async function checkLongBody({ probe }: Context): Promise<Finding> {
  const body = JSON.stringify({ version: 1, requests: [], padding: 'x'.repeat(10_000_000) })
  // To close the connection is an answer too.
  const reply = await probe.post(body).catch(() => undefined)
  if (reply?.status === 200) return warning('It reads a body of 10 MB. Refuse it after 1 MB or so.')
  return reply ? crash(reply, 'a body of 10 MB') : ok('It closes the connection.')
}

async function checkLeaks({ probe }: Context): Promise<Finding> {
  const trace =
    /\n\s+at .+:\d+|Traceback \(most recent|File \\?".+", line \d|\.(?:js|ts|py|php|go|rb):\d+/
  return probe.heard.some((text) => trace.test(text))
    ? fault('An answer has a stack trace in it, which tells strangers how the signer is built.')
    : ok()
}

function hasUrl({ text }: Reply): boolean {
  return /"(?:url|downloadUrl)"\s*:/.test(text)
}

function crash({ status }: Reply, what: string): Finding {
  return status >= 500 ? fault(`The signer fails (${status}) on ${what}.`) : ok()
}

export const CALL_CHECKS: Check[] = [
  { id: 'shape', about: 'call', title: 'answers as the contract says', run: checkShape },
  { id: 'ids', about: 'call', title: 'answers each request by its id', run: checkIds },
  { id: 'unknown-op', about: 'call', title: 'refuses an unknown op', run: checkUnknownOp },
  { id: 'unknown-fields', about: 'call', title: 'ignores unknown fields', run: checkUnknownFields },
  { id: 'version', about: 'call', title: 'refuses other versions', run: checkVersion },
  { id: 'malformed', about: 'call', title: 'refuses what is not a call', run: checkMalformed },
  { id: 'types', about: 'call', title: 'refuses fields of the wrong type', run: checkTypes },
  { id: 'long-body', about: 'call', title: 'refuses a body of 10 MB', run: checkLongBody },
]

/** Looks at all that was answered, so it runs last. */
export const LEAKS: Check = {
  id: 'leaks',
  about: 'call',
  title: 'tells nothing of its inside',
  run: checkLeaks,
}
