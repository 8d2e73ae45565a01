import type { Bucket } from '../../server/index.ts'
import { formatSize } from '../../util/format-size.ts'
import { asFolder, parseAddress, parseObject } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { asCliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io } from '../frame/command.ts'
import { confirm } from '../frame/confirm.ts'
import { printable } from '../frame/printable.ts'
import { type Deleted, deleteObjects, told } from '../objects/delete-objects.ts'
import { listAll } from '../objects/listing.ts'

/** Deletes objects. */
export const rmCommand: Command = {
  name: 'rm',
  summary: 'delete objects',
  usage: ['rm s3://bucket/key…', 'rm s3://bucket/prefix/ --recursive [--yes] [--dry-run]'],
  about:
    'A key that is not there is no error, as the bucket does not tell. With "--recursive" the address\nis a folder, with or without a "/" at its end: all below it is counted first, and a question asked.',
  options: {
    recursive: { type: 'boolean', help: 'delete all that is below the address' },
    yes: { type: 'boolean', help: 'do not ask; needed where there is no terminal' },
    'dry-run': { type: 'boolean', help: 'only print what would be deleted' },
    ...TARGET_OPTIONS,
  },
  async run(values, texts, io) {
    const isRecursive = values.recursive === true
    const { name, keys: places } = readPlaces(texts, isRecursive)
    const bucket = await findBucket(name, values, io)
    const { keys, size } = isRecursive
      ? await findBelow(bucket, places, io)
      : { keys: places, size: 0 }
    const isDry = values['dry-run'] === true
    if (isRecursive && keys.length > 0 && !isDry && !values.yes) {
      const where = places.map((place) => printable(`s3://${name}/${place}`)).join(', ')
      const what = keys.length === 1 ? '1 object' : `${keys.length} objects`
      const isSure = await confirm(`Delete ${what} (${formatSize(size)}) below ${where}?`, io)
      if (!isSure) {
        io.err('Nothing is deleted.')
        return EXIT.failed
      }
    }
    return isDry ? tellDry(name, keys, io) : remove(bucket, keys, io)
  },
}

function readPlaces(texts: string[], isRecursive: boolean): { name: string; keys: string[] } {
  const read = (text: string) => {
    if (!isRecursive) return parseObject(text)
    const { bucket, key } = parseAddress(text)
    return { bucket, key: asFolder(key) }
  }
  const [first, ...others] = texts.map(read)
  if (first === undefined) {
    throw usageError('missing-argument', 'Name what to delete: write it as "s3://bucket/key".')
  }
  const other = others.find(({ bucket }) => bucket !== first.bucket)
  if (other !== undefined) {
    throw usageError(
      'bad-argument',
      `"${first.bucket}" and "${other.bucket}" are two buckets: delete in one after the other.`,
    )
  }
  return { name: first.bucket, keys: [...new Set([first, ...others].map(({ key }) => key))] }
}

/** What is below one place may be below another too. */
async function findBelow(bucket: Bucket, places: string[], io: Io) {
  const sizes = new Map<string, number>()
  for (const place of places) {
    for (const { key, size } of await listAll(bucket, place, io.signal)) sizes.set(key, size)
  }
  let size = 0
  for (const each of sizes.values()) size += each
  return { keys: [...sizes.keys()], size }
}

function tellDry(bucket: string, deleted: string[], io: Io): number {
  if (io.json) io.out(JSON.stringify({ bucket, deleted, failed: [], dryRun: true }))
  else {
    for (const key of deleted) io.out(printable(`s3://${bucket}/${key}`))
    io.err(`${deleted.length} would be deleted; nothing is.`)
  }
  return EXIT.ok
}

/** What is deleted is told in any case, whatever happens then. */
async function remove(bucket: Bucket, keys: string[], io: Io): Promise<number> {
  const result: Deleted = { deleted: [], failed: [] }
  let failure: unknown
  try {
    await deleteObjects(bucket, keys, result, io.signal)
  } catch (error) {
    failure = io.signal.aborted ? io.signal.reason : error
  }
  const { deleted, failed } = result
  const error = failure === undefined ? failed[0]?.error : told(failure)
  if (io.json) {
    io.out(JSON.stringify({ bucket: bucket.bucket, ...result, ...(error && { error }) }))
  } else {
    for (const key of deleted) io.out(printable(`s3://${bucket.bucket}/${key}`))
    for (const {
      key,
      error: { code, message },
    } of failed) {
      io.err(`${io.style('red', 'Error:')} ${printable(key)}: ${message} (${code})`)
    }
    const mark = error ? '' : `${io.style('green', '✓')} `
    if (keys.length !== 1 || !error) io.err(`${mark}${deleted.length} of ${keys.length} deleted`)
    if (failure !== undefined) throw failure
  }
  if (failure !== undefined) return asCliError(failure).exit
  return failed.length > 0 ? EXIT.failed : EXIT.ok
}
