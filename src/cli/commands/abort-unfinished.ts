import type { Bucket } from '../../server/index.ts'
import { parseDuration } from '../../util/duration.ts'
import { parsePrefix } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { asCliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, textOption, type Values } from '../frame/command.ts'
import { printable } from '../frame/printable.ts'
import { told } from '../objects/delete-objects.ts'
import { sideBySide } from '../objects/side-by-side.ts'
import { abortUpload, listUnfinished, type Unfinished } from '../objects/unfinished.ts'

/** How many requests are on their way at a time. */
const LANES = 8

/** A day, in seconds: longer than uploads take, and than most grants last. */
const DEFAULT_AGE = 86_400

/** Aborts uploads in parts that nobody goes on with. */
export const abortUnfinishedCommand: Command = {
  name: 'abort-unfinished',
  summary: 'throw away the parts of uploads that were never completed',
  usage: ['abort-unfinished s3://bucket/prefix [--older-than 1d] [--dry-run]'],
  about:
    'Such parts are in no listing, and are paid for. Those that began less than\na day ago may still be going on: they stay, unless "--older-than" says otherwise.',
  options: {
    'older-than': {
      type: 'string',
      value: 'DURATION',
      help: 'leave those that began later: seconds, or 12h, 7d (default 1d)',
    },
    'dry-run': { type: 'boolean', help: 'only print what would be aborted' },
    ...TARGET_OPTIONS,
  },
  async run(values, [text, ...more], io) {
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const { bucket: name, key: prefix } = parsePrefix(text, io.env.BUCKET_UPLOAD_BUCKET)
    const age = readAge(values)
    const bucket = await findBucket(name, values, io)
    const { uploads, now } = await listUnfinished(bucket, prefix, io.signal)
    const old = uploads.filter(({ started }) => now - Date.parse(started) >= age * 1000)
    const isDry = values['dry-run'] === true
    const result = isDry ? { aborted: old, failed: [] } : await abortAll(bucket, old, io)
    const facts = { ...result, kept: uploads.length - old.length, ...(isDry && { dryRun: true }) }
    return print({ bucket: name, prefix, ...facts }, io)
  },
}

/** @returns seconds */
function readAge(values: Values): number {
  const text = textOption(values, 'older-than')
  if (text === undefined) return DEFAULT_AGE
  try {
    return parseDuration(text)
  } catch {
    throw usageError('bad-duration', `"--older-than" is "${text}": write seconds, or 12h, 7d.`)
  }
}

/** What became of the uploads. */
interface Aborted {
  aborted: Unfinished[]
  failed: (Unfinished & { error: { code: string; message: string } })[]
}

async function abortAll(bucket: Bucket, uploads: Unfinished[], io: Io): Promise<Aborted> {
  const aborted: Unfinished[] = []
  const failed: Aborted['failed'] = []
  await sideBySide(uploads, LANES, async (upload) => {
    try {
      io.signal.throwIfAborted()
      await abortUpload(bucket, upload, io.signal)
      aborted.push(upload)
    } catch (error) {
      failed.push({ ...upload, error: told(io.signal.aborted ? io.signal.reason : error) })
    }
  })
  return { aborted, failed }
}

interface Result extends Aborted {
  bucket: string
  prefix: string
  /** How many were too young. */
  kept: number
  dryRun?: boolean
}

function print(result: Result, io: Io): number {
  const { bucket, aborted, failed, kept, dryRun } = result
  const [first] = failed
  if (io.json) io.out(JSON.stringify({ ...result, ...(first && { error: first.error }) }))
  else {
    for (const { key, started } of aborted) {
      io.out(`${started}  ${printable(`s3://${bucket}/${key}`)}`)
    }
    for (const { key, error } of failed) {
      if (io.signal.aborted) break
      io.err(`${io.style('red', 'Error:')} ${printable(key)}: ${error.message} (${error.code})`)
    }
    const what = dryRun ? 'would be aborted' : 'aborted'
    const mark = first || dryRun ? '' : `${io.style('green', '✓')} `
    io.err(`${mark}${aborted.length} ${what}, ${kept} that began later stay`)
    if (io.signal.aborted) throw io.signal.reason
  }
  if (io.signal.aborted) return asCliError(io.signal.reason).exit
  return first ? EXIT.failed : EXIT.ok
}
