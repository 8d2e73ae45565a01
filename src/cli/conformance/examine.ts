import type { FileDescription } from '../../protocol/index.ts'
import { accessChecks } from './checks/access.ts'
import { CALL_CHECKS, LEAKS } from './checks/call.ts'
import { type Check, type Context, type Finding, skipped } from './checks/check.ts'
import { GRANT_CHECKS } from './checks/grants.ts'
import { LINK_CHECKS } from './checks/links.ts'
import { MULTIPART_CHECKS } from './checks/multipart.ts'
import { openProbe, type Probe } from './checks/probe.ts'
import { PUT_CHECKS } from './checks/put.ts'
import { ROUTE_CHECK } from './checks/route.ts'
import { UNSIGNED_CHECKS } from './checks/unsigned.ts'

/** What one check found. */
export interface Result extends Pick<Check, 'id' | 'about' | 'title'>, Finding {}

/** What to examine. */
export interface Examination {
  url: string
  /** Say who calls; none for a signer that anyone may use. */
  headers: Record<string, string>
  /** A file that the signer takes. */
  file: FileDescription
  /** The route to name, for a signer that has routes. */
  route: string | undefined
  /** Whether objects may be stored, which stay. */
  store: boolean
  signal: AbortSignal
}

/**
 * Holds a signer against the contract, one rule after the other, and throws away what it began.
 *
 * @throws {TypeError} when the signer cannot be reached at all
 */
export async function examine(examination: Examination): Promise<Result[]> {
  const { url, headers, file, route, store, signal } = examination
  const probe = openProbe(url, headers, signal, route)
  const authorized = Object.keys(headers).length > 0
  try {
    const put = await probe.ask({ op: 'put', file })
    const create = await probe.ask({ op: 'create', file })
    const context: Context = { probe, file, route, put, create, authorized, store }
    return await runAll(context, accessChecks(headers))
  } finally {
    await cleanUp(probe)
  }
}

async function runAll(context: Context, access: Check[]): Promise<Result[]> {
  const results: Result[] = []
  const checks = [
    ...CALL_CHECKS,
    ...PUT_CHECKS,
    ROUTE_CHECK,
    ...UNSIGNED_CHECKS,
    ...MULTIPART_CHECKS,
    ...GRANT_CHECKS,
    ...LINK_CHECKS,
    ...access,
    LEAKS,
  ]
  // Where nothing is signed, that nothing wrong is signed says little.
  const isMute = context.put.signed === undefined
  for (const check of checks) {
    const { id, about, title } = check
    const isOpen = !isMute || id === 'shape' || id === 'leaks'
    const finding = isOpen ? await settle(check, context) : skipped('A plain "put" was refused.')
    results.push({ id, about, title, ...finding })
  }
  return results
}

/** A signer that closes the connection breaks off one check, and not all. */
async function settle(check: Check, context: Context): Promise<Finding> {
  try {
    return await check.run(context)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return {
      verdict: 'fault',
      said: 'The signer closed the connection, or its answer makes no sense.',
    }
  }
}

async function cleanUp(probe: Probe): Promise<void> {
  for (const grant of probe.begun) {
    const { signed } = await probe.ask({ op: 'abort', grant }).catch(() => ({ signed: undefined }))
    if (signed?.url === undefined) continue
    await fetch(signed.url, { method: signed.method ?? 'DELETE' }).catch(() => undefined)
  }
}
