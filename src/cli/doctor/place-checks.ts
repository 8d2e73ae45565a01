/** Is this the right server, does it know us, and what time does it have? */
import type { Bucket } from '../../server/index.ts'
import { keysOf } from '../../server/internal.ts'
import { ask } from '../bucket/bucket-request.ts'
import { checkLifetime } from '../bucket/lifetime.ts'
import { CliError } from '../frame/cli-error.ts'
import { type Check, demand, finding, type Patient, untilAnswered } from './check.ts'

/** Milliseconds; buckets allow a quarter of an hour. */
const MAX_SKEW = 5 * 60_000

const endpoint: Check = {
  name: 'endpoint',
  title: 'the server can be reached',
  needs: [],
  async run({ bucket, signal }) {
    const { protocol, hostname } = new URL(bucket.endpoint)
    const isLocal = hostname === 'localhost' || /^127\.|^\[::1\]$/.test(hostname)
    try {
      await ask(bucket, { method: 'GET', query: { 'max-keys': '0' } }, signal)
    } catch (error) {
      if (protocol === 'http:' && (await speaksTls(bucket.endpoint))) throw plainHttp()
      throw error
    }
    if (protocol === 'http:' && !isLocal) throw plainHttp()
    return undefined
  },
}

function plainHttp(): CliError {
  return finding(
    'plain-http',
    'The endpoint begins with "http://", by which a browser on an https page cannot upload, and everybody on the way can read: write "https://".',
  )
}

/** A certificate that cannot be trusted is one nevertheless. */
async function speaksTls(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint.replace('http:', 'https:'), { signal: AbortSignal.timeout(5000) })
    return true
  } catch (error) {
    const { code = '' } = ((error as Error).cause ?? {}) as { code?: string }
    return /CERT|SELF_SIGNED|SIGNATURE|ALTNAME/.test(code)
  }
}

const clock: Check = {
  name: 'clock',
  title: 'the clock of this machine is right',
  needs: ['endpoint'],
  async run({ bucket, signal }) {
    const { headers } = await ask(bucket, { method: 'GET', query: { 'max-keys': '0' } }, signal)
    const date = Date.parse(headers.get('Date') ?? '')
    if (Number.isNaN(date)) return { skip: 'the server does not tell its time' }
    const skew = Date.now() - date
    if (Math.abs(skew) <= MAX_SKEW) return undefined
    const minutes = Math.round(Math.abs(skew) / 60_000)
    throw finding(
      'wrong-clock',
      `The clock of this machine is ${minutes} minutes ${skew > 0 ? 'ahead of' : 'behind'} that of the server, so URLs do not work: set it by NTP.`,
    )
  },
}

const bucketThere: Check = {
  name: 'bucket',
  title: 'the bucket is there, and the server knows the keys',
  needs: ['clock'],
  async run(patient) {
    if (await isFound(patient, patient.bucket)) return undefined
    const { bucket, signal, key } = patient
    const other = bucket.addressing === 'path' ? 'virtual-hosted' : 'path'
    const isOther = await isFound(patient, { ...bucket, addressing: other }).catch(() => false)
    if (isOther) {
      throw finding(
        'wrong-addressing',
        `The server wants the bucket to be named in another way: add "--addressing ${other}", and in the signer \`addressing: '${other}'\`.`,
      )
    }
    demand(await ask(bucket, { method: 'GET', key }, signal), patient)
    return undefined
  },
}

/** Keys that may not list are answered 403 for an object that is not there. */
async function isFound({ key, signal }: Patient, bucket: Bucket): Promise<boolean> {
  const { body } = await ask(bucket, { method: 'GET', key }, signal)
  return /<Code>(?:NoSuchKey|AccessDenied)<\/Code>/.test(body)
}

const lifetime: Check = {
  name: 'lifetime',
  title: 'links may work for as long as is wished',
  needs: ['bucket'],
  async run(patient) {
    const { bucket, key, signal, expiresIn } = patient
    const { sessionToken } = await keysOf(bucket, new Date())
    if (sessionToken) return { skip: 'links end with the temporary keys, which are used here' }
    try {
      checkLifetime(bucket, expiresIn)
      const answer = await ask(bucket, { method: 'GET', key, expiresIn }, signal)
      if (/Expires/.test(answer.body)) demand(answer, patient)
      return undefined
    } catch (error) {
      if (error instanceof CliError && error.code === 'bucket-unreachable') throw error
      throw finding(
        'expiry-too-long',
        'Links may not work for as long as "--expires-in" says: ask for less, mostly at most 7d.',
      )
    }
  },
}

/** In the order in which they are run. */
export const PLACE_CHECKS: readonly Check[] = [endpoint, clock, bucketThere, lifetime]

/**
 * Removes what the checks have stored. Also after they were stopped, so it does not use their signal.
 *
 * @returns the keys of what could not be removed
 */
export async function cleanUp({ bucket, stored }: Patient): Promise<string[]> {
  const left: string[] = []
  for (const key of stored) {
    const request = { method: 'DELETE', key } as const
    const answer = await ask(bucket, request, untilAnswered()).catch(() => undefined)
    if (![200, 204, 404].includes(answer?.status ?? 0)) left.push(key)
  }
  return left
}
