import { randomBytes } from 'node:crypto'
import { explainFailure } from '../bucket/bucket-errors.ts'
import { EXPIRES_IN, readLifetime } from '../bucket/lifetime.ts'
import { parseAddress } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import type { Check, Patient } from '../doctor/check.ts'
import { LANE_CHECKS } from '../doctor/lane-checks.ts'
import { OBJECT_CHECKS } from '../doctor/object-checks.ts'
import { cleanUp, PLACE_CHECKS } from '../doctor/place-checks.ts'
import { UNSIGNED_CHECKS } from '../doctor/unsigned-checks.ts'
import { UPLOAD_CHECKS } from '../doctor/upload-checks.ts'
import { CliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, textOption, type Values } from '../frame/command.ts'

const CHECKS = [
  ...PLACE_CHECKS,
  ...OBJECT_CHECKS,
  ...UPLOAD_CHECKS,
  ...LANE_CHECKS,
  ...UNSIGNED_CHECKS,
]

/** What came of one check. */
interface Result {
  name: string
  status: 'ok' | 'failed' | 'lacking' | 'skipped'
  code?: string
  message?: string
}

/** Finds out what is wrong with a bucket. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'find out what is wrong with a bucket, its keys or its CORS rule',
  usage: ['doctor s3://bucket[/prefix/] --origin https://app.example [--expires-in 7d]'],
  about:
    'Does what a page would do, and a few things that should be refused. It stores two small objects\nunder random keys, and removes them in the end.',
  options: {
    origin: { type: 'string', value: 'ORIGIN', help: 'where the page is, as https://app.example' },
    'expires-in': EXPIRES_IN,
    ...TARGET_OPTIONS,
  },
  async run(values, [text, ...more], io) {
    if (text === undefined) {
      throw usageError('missing-argument', 'The bucket is missing: write it as "s3://bucket".')
    }
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const { bucket: name, key: prefix } = parseAddress(text)
    const expiresIn = readLifetime(values)
    const origin = readOrigin(values)
    const bucket = await findBucket(name, values, io)
    if (!io.json)
      io.err(`${io.style('green', '✓')} there are keys for "${name}" at ${bucket.endpoint}`)
    const key = `${prefix}bucket-upload-doctor-${randomBytes(8).toString('hex')}`
    const stored = new Set<string>()
    const results = await examine({ bucket, origin, expiresIn, key, stored, signal: io.signal }, io)
    const isWell = results.every(({ status }) => status !== 'failed')
    if (io.json) io.out(JSON.stringify({ ok: isWell, checks: results }))
    return isWell ? EXIT.ok : EXIT.failed
  },
}

function readOrigin(values: Values): string | undefined {
  const origin = textOption(values, 'origin')?.replace(/\/$/, '')
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).origin === origin))
    return origin
  throw usageError(
    'bad-option',
    `"--origin" is "${origin}", which is not an origin: write it as "https://app.example".`,
  )
}

async function examine(patient: Patient, io: Io): Promise<Result[]> {
  const results: Result[] = []
  try {
    for (const check of CHECKS) {
      const result = await runCheck(check, results, patient)
      results.push(result)
      tell(check, result, io)
    }
  } finally {
    for (const key of await cleanUp(patient)) {
      io.err(`The object "${key}" could not be removed: remove it by hand.`)
    }
  }
  return results
}

async function runCheck(check: Check, results: Result[], patient: Patient): Promise<Result> {
  const { name } = check
  const before = check.needs.find((need) => results.find((it) => it.name === need)?.status !== 'ok')
  if (before !== undefined) return { name, status: 'skipped', message: `needs "${before}"` }
  try {
    const skipped = await check.run(patient)
    return skipped ? { name, status: 'skipped', message: skipped.skip } : { name, status: 'ok' }
  } catch (error) {
    patient.signal.throwIfAborted()
    const { code, message } =
      error instanceof CliError ? error : explainFailure(error, patient.bucket.endpoint)
    return { name, status: check.optional ? 'lacking' : 'failed', code, message }
  }
}

function tell({ title }: Check, { status, message = '', code }: Result, io: Io): void {
  if (io.json) return
  if (status === 'ok') io.out(`${io.style('green', '✓')} ${title}`)
  if (status === 'failed') io.out(`${io.style('red', '✗')} ${title}\n  ${message} (${code})`)
  if (status === 'lacking') io.out(`${io.style('yellow', '-')} ${title}\n  ${message} (${code})`)
  if (status === 'skipped') io.out(`${io.style('dim', '·')} ${title}: not looked at, ${message}`)
}
