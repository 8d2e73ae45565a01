import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { parseSize } from '../../protocol/index.ts'
import { MAX_PART_SIZE } from '../../s3/part-size.ts'
import { type Bucket, presign } from '../../server/index.ts'
import { formatSize } from '../../util/format-size.ts'
import { readType } from '../bucket/content-type.ts'
import { checkLifetime, EXPIRES_IN, readLifetime, tellEnd } from '../bucket/lifetime.ts'
import { mediaTypeOf } from '../bucket/media-types.ts'
import { checkObjectKey, isAddress, parseAddress, type S3Address } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { asCliError, CliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, textOption } from '../frame/command.ts'
import { StoredError, type Upload, type Uploaded, uploadFile } from '../transfer/upload-file.ts'

/** Uploads files as the widget would. */
export const uploadCommand: Command = {
  name: 'upload',
  summary: 'upload files through presigned URLs',
  usage: [
    'upload FILE… s3://bucket/prefix/ [--link] [--expires-in 7d]',
    'upload FILE s3://bucket/key',
  ],
  about:
    'An object that has the key already is replaced. Files over 16 MiB go up in parts. What has\narrived is compared with the file. A file that fails does not keep the others from going up.',
  options: {
    link: { type: 'boolean', help: 'print a presigned URL for each file, to download it' },
    'expires-in': { ...EXPIRES_IN, help: `with --link: ${EXPIRES_IN.help}` },
    'content-type': { type: 'string', value: 'TYPE', help: 'store them as this type' },
    'part-size': { type: 'string', value: 'SIZE', help: 'size of a part, 5MiB to 5GiB' },
    ...TARGET_OPTIONS,
  },
  async run(values, positionals, io) {
    const files = positionals.slice(0, -1)
    const destination = readDestination(files, positionals.at(-1))
    const expiresIn = readLifetime(values)
    const type = readType(values)
    const partSize = readPartSize(textOption(values, 'part-size'))
    // All are looked at first: a wrong name should not be told after an hour.
    const uploads: Upload[] = []
    for (const file of files) uploads.push(await prepare(file, destination, type, partSize))
    checkUnique(uploads)
    const bucket = await findBucket(destination.bucket, values, io)
    checkLifetime(bucket, expiresIn)
    const linkFor = values.link ? expiresIn : undefined
    if (linkFor !== undefined) await tellEnd(bucket, linkFor, io)
    return uploadAll(uploads, bucket, linkFor, io)
  },
}

/** A file that was not uploaded. */
interface Failed {
  file: string
  bucket: string
  key: string
  /** There is an object nevertheless. */
  stored?: true
  error: { code: string; message: string }
}

/** One after the other. What is stored is told in any case, whatever happens to the others. */
async function uploadAll(
  all: Upload[],
  bucket: Bucket,
  linkFor: number | undefined,
  io: Io,
): Promise<number> {
  const uploads: object[] = []
  const failed: Failed[] = []
  for (const upload of all) {
    try {
      io.signal.throwIfAborted()
      uploads.push(await uploadOne(upload, bucket, linkFor, io))
    } catch (error) {
      const failure = describeFailure(upload, bucket, io.signal.aborted ? io.signal.reason : error)
      failed.push(failure)
      if (!io.json && !io.signal.aborted) tellFailure(failure, all.length, io)
    }
  }
  return sumUp(uploads, failed, io)
}

function sumUp(uploads: object[], failed: Failed[], io: Io): number {
  const [first] = failed
  const count = uploads.length + failed.length
  if (io.json) io.out(JSON.stringify({ uploads, failed, ...(first && { error: first.error }) }))
  else if (io.signal.aborted) throw io.signal.reason
  else if (first && count > 1) io.err(`${uploads.length} of ${count} files are uploaded.`)
  if (io.signal.aborted) return asCliError(io.signal.reason).exit
  return first ? EXIT.failed : EXIT.ok
}

function describeFailure({ name, key }: Upload, { bucket }: Bucket, error: unknown): Failed {
  const { code, message } = asCliError(error)
  const stored = error instanceof StoredError ? ({ stored: true } as const) : {}
  return { file: name, bucket, key, ...stored, error: { code, message } }
}

function tellFailure({ file, error }: Failed, count: number, io: Io): void {
  const { code, message } = error
  const which = count > 1 ? `${file}: ` : ''
  io.err(`${io.style('red', 'Error:')} ${which}${message} (${code})`)
}

function readDestination(files: string[], last: string | undefined): S3Address {
  if (last === undefined || !isAddress(last) || files.length === 0) {
    throw usageError(
      'missing-argument',
      'Name the files first and then where they go: "upload cat.jpg s3://bucket/prefix/".',
    )
  }
  const address = parseAddress(last)
  const isFolder = address.key === '' || address.key.endsWith('/')
  if (isFolder || files.length === 1) return address
  throw usageError(
    'bad-address',
    `Several files cannot have one key: end the address with "/", as "${last}/".`,
  )
}

async function prepare(
  file: string,
  { key: place }: S3Address,
  type: string | undefined,
  partSize: number | undefined,
): Promise<Upload> {
  const name = basename(file)
  const key = place === '' || place.endsWith('/') ? `${place}${name}` : place
  checkObjectKey(key)
  const path = resolve(file)
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      'file-unreadable',
      `"${file}" cannot be read (${error.code}): check its name.`,
    )
  })
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'is a folder: name the files in it' : 'is not a file'
    throw new CliError('file-unreadable', `"${file}" ${what}.`)
  }
  const { size, mtimeMs: changed } = found
  return { path, name: file, key, type: type ?? mediaTypeOf(name), size, changed, partSize }
}

function checkUnique(uploads: Upload[]): void {
  const seen = new Map<string, string>()
  for (const { key, name } of uploads) {
    const other = seen.get(key)
    if (other !== undefined) {
      throw usageError(
        'bad-argument',
        `"${other}" and "${name}" would have the same key: upload them to different places.`,
      )
    }
    seen.set(key, name)
  }
}

function readPartSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  try {
    const size = parseSize(text)
    if (size >= 5 * 2 ** 20 && size <= MAX_PART_SIZE) return size
  } catch {
    // Told below.
  }
  throw usageError('bad-option', `"--part-size" is "${text}": write a size from 5MiB to 5GiB.`)
}

async function uploadOne(
  upload: Upload,
  bucket: Bucket,
  linkFor: number | undefined,
  io: Io,
): Promise<object> {
  const { name: file, key, size, type } = upload
  const uploaded = await uploadFile(upload, bucket, io)
  const address = `s3://${bucket.bucket}/${key}`
  const link =
    linkFor === undefined
      ? undefined
      : await presign(bucket, { method: 'GET', key, expiresIn: linkFor, now: new Date() })
  if (!io.json) {
    io.err(`${io.style('green', '✓')} ${file}: ${formatSize(size)} uploaded, ${told(uploaded)}`)
    io.out(link?.url ?? address)
  }
  return { file, bucket: bucket.bucket, key, size, type, ...uploaded, ...link }
}

function told({ verified }: Uploaded): string {
  return verified === 'md5' ? 'its MD5 agrees' : 'its size agrees'
}
