/** Who may ask at all. */
import { type Check, type Context, type Finding, fault, ok, warning } from './check.ts'
import type { Probe } from './probe.ts'

const STRANGER = 'https://conformance.invalid'

const putBody = ({ file, route }: Context) =>
  JSON.stringify({ version: 1, requests: [{ id: '1', op: 'put', route, file }] })

async function checkCaller(context: Context): Promise<Finding> {
  const { probe, authorized } = context
  if (!authorized) {
    return warning(
      'It signs for anybody. If that is not meant, check who calls; with --header-from this check tries both.',
    )
  }
  const reply = await probe.post(putBody(context), { bare: true })
  if (/"url"\s*:/.test(reply.text))
    return fault('It signs for a caller who does not say who they are.')
  if (reply.status === 401 || reply.status === 403) return ok()
  return warning(`It refuses a stranger with ${reply.status}, not with 401 or 403.`)
}

async function checkWrong(context: Context, headers: Record<string, string>): Promise<Finding> {
  const wrong = Object.fromEntries(Object.keys(headers).map((name) => [name, 'Bearer conformance']))
  const reply = await context.probe.post(putBody(context), { bare: true, headers: wrong })
  return /"url"\s*:/.test(reply.text) ? fault('It signs for a caller whose proof is wrong.') : ok()
}

async function checkOrigin({ probe }: Context): Promise<Finding> {
  const { headers } = await preflight(probe)
  const reflected = headers.get('Access-Control-Allow-Origin') === STRANGER
  const withCookies = headers.get('Access-Control-Allow-Credentials') === 'true'
  if (!reflected || !withCookies) return ok()
  return fault('Any site may call it with the cookies of its visitors: list the origins that may.')
}

const preflight = (probe: Probe) =>
  probe.send({
    method: 'OPTIONS',
    headers: { Origin: STRANGER, 'Access-Control-Request-Method': 'POST' },
  })

async function checkForm(context: Context): Promise<Finding> {
  const headers = { 'Content-Type': 'text/plain' }
  const reply = await context.probe.post(putBody(context), { headers })
  if (!/"url"\s*:/.test(reply.text)) return ok()
  return warning(
    'It takes a body that is not application/json, which a form of another site can send.',
  )
}

/** @param headers what says who calls */
export function accessChecks(headers: Record<string, string>): Check[] {
  const wrong: Check = {
    id: 'wrong-caller',
    about: 'access',
    title: 'refuses a wrong proof',
    run: (context) => checkWrong(context, headers),
  }
  return [
    { id: 'caller', about: 'access', title: 'asks who calls', run: checkCaller },
    ...(Object.keys(headers).length > 0 ? [wrong] : []),
    { id: 'origin', about: 'access', title: 'refuses other sites', run: checkOrigin },
    { id: 'form', about: 'access', title: 'takes no form of another site', run: checkForm },
  ]
}
