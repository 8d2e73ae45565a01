import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { addAbortSignal } from 'node:stream'
import { parseSize } from '../../protocol/index.ts'
import { MAX_PART_SIZE } from '../../s3/part-size.ts'
import { type Bucket, presign } from '../../server/index.ts'
import { formatSize } from '../../util/format-size.ts'
import { refusesAll } from '../bucket/bucket-errors.ts'
import { readType } from '../bucket/content-type.ts'
import { checkLifetime, EXPIRES_IN, readLifetime, tellEnd } from '../bucket/lifetime.ts'
import { mediaTypeOf } from '../bucket/media-types.ts'
import {
  asFolder,
  checkObjectKey,
  isAddress,
  parseAddress,
  type S3Address,
} from '../bucket/s3-address.ts'
import {
  readStored,
  STORED_OPTIONS,
  type Stored,
  storedHeadersOf,
} from '../bucket/stored-options.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { asCliError, CliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, textOption, type Values } from '../frame/command.ts'
import { type Listed, listAll } from '../objects/listing.ts'
import { inOrder, sideBySide } from '../objects/side-by-side.ts'
import { findFiles } from '../transfer/find-files.ts'
import { FILTER_OPTIONS, fileFilter } from '../transfer/globs.ts'
import { PARALLEL, readParallel } from '../transfer/parallel.ts'
import { Progress } from '../transfer/progress.ts'
import { isSameFile } from '../transfer/same-file.ts'
import {
  LANES,
  MULTIPART_THRESHOLD,
  StoredError,
  type Upload,
  type Uploaded,
  uploadFile,
} from '../transfer/upload-file.ts'
import { uploadStream } from '../transfer/upload-stream.ts'

/** Uploads files as the widget would. */
export const uploadCommand: Command = {
  name: 'upload',
  summary: 'upload files and folders through presigned URLs',
  usage: [
    'upload FILE… s3://bucket/prefix/ [--link] [--expires-in 7d]',
    'upload FILE s3://bucket/key',
    'upload FOLDER s3://bucket/prefix/ --recursive [--include GLOB] [--exclude GLOB]',
    'upload - s3://bucket/key',
  ],
  about:
    'An object that has the key already is replaced. Files over 16 MiB go up in parts; stopped in\nthe middle, the same command goes on. What has arrived is compared with the file. Of a folder, what\nthe bucket has already is left out. A file that fails does not keep the others from going up, but\na bucket that is not there and keys that are refused do. "-" is stdin.',
  options: {
    recursive: { type: 'boolean', help: 'upload what is in a folder, and in those in it' },
    ...FILTER_OPTIONS,
    all: {
      type: 'boolean',
      help: 'with --recursive: upload also what the bucket has with the same bytes',
    },
    parallel: PARALLEL,
    link: { type: 'boolean', help: 'print a presigned URL for each file, to download it' },
    'expires-in': { ...EXPIRES_IN, help: `with --link: ${EXPIRES_IN.help}` },
    'content-type': { type: 'string', value: 'TYPE', help: 'store them as this type' },
    'part-size': { type: 'string', value: 'SIZE', help: 'size of a part, 5MiB to 5GiB' },
    ...STORED_OPTIONS,
    ...TARGET_OPTIONS,
  },
  async run(values, positionals, io) {
    const isRecursive = checkRecursive(values, positionals)
    const files = positionals.slice(0, -1)
    const destination = readDestination(files, positionals.at(-1), isRecursive)
    const expiresIn = readLifetime(values)
    const all: ForAll = {
      type: readType(values),
      partSize: readPartSize(textOption(values, 'part-size')),
      stored: readStored(values),
    }
    const parallel = readParallel(values)
    // All are looked at first: a wrong name should not be told after an hour.
    const isStream = files[0] === '-'
    const sources = isStream
      ? []
      : isRecursive
        ? await inFolder(files[0] ?? '', values, io)
        : named(files)
    const uploads: Upload[] = []
    for (const source of sources) uploads.push(await prepare(source, destination, all))
    checkUnique(uploads)
    const bucket = await findBucket(destination.bucket, values, io)
    // What cannot be stored is told before anything is.
    storedHeadersOf(all.stored, bucket, 'a')
    checkLifetime(bucket, expiresIn)
    const linkFor = values.link ? expiresIn : undefined
    if (linkFor !== undefined) await tellEnd(bucket, linkFor, io)
    if (isStream) return uploadStdin(destination.key, all, bucket, linkFor, io)
    const there =
      isRecursive && isOnlyBytes(values) ? await listed(bucket, destination, io) : undefined
    return uploadAll(uploads, bucket, { linkFor, parallel, there }, io)
  },
}

/** What is the same for each of the files. */
interface ForAll {
  type: string | undefined
  partSize: number | undefined
  stored: Stored
}

/** A file on the disk, and the end of its key where it goes to a place for files. */
interface Source {
  file: string
  name: string
}

function checkRecursive(values: Values, positionals: string[]): boolean {
  const isRecursive = values.recursive === true
  const filter = ['all', ...Object.keys(FILTER_OPTIONS)].find((name) => values[name] !== undefined)
  if (filter !== undefined && !isRecursive) {
    throw usageError('bad-option', `"--${filter}" is for a folder: add "--recursive".`)
  }
  if (!positionals.slice(0, -1).includes('-')) return isRecursive
  if (isRecursive || positionals.length > 2) {
    throw usageError('bad-argument', '"-" is stdin, and goes up alone: "upload - s3://bucket/key".')
  }
  return false
}

function named(files: string[]): Source[] {
  return files.map((file) => ({ file, name: basename(file) }))
}

async function inFolder(folder: string, values: Values, io: Io): Promise<Source[]> {
  const { files, others } = await findFiles(folder)
  const chosen = files.filter(fileFilter(values))
  if (others > 0) {
    const note = io.style('yellow', 'Note:')
    io.err(`${note} left out what is no file: ${others}. Links are not followed.`)
  }
  if (chosen.length === 0) io.err(`There is no file to upload in "${folder}".`)
  return chosen.map((path) => ({ file: join(folder, path), name: path }))
}

/** Whether a file with the same bytes need not go up: nothing is to be stored along with it. */
function isOnlyBytes(values: Values): boolean {
  const along = ['all', 'content-type', ...Object.keys(STORED_OPTIONS)]
  return along.every((name) => values[name] === undefined)
}

/** What is there already; `undefined` where the keys may not list. */
async function listed(bucket: Bucket, { key }: S3Address, io: Io): Promise<Listed[] | undefined> {
  try {
    return await listAll(bucket, key, io.signal)
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'bucket-unreachable') throw error
    if (refusesAll(error, false)) throw error
    const note = io.style('yellow', 'Note:')
    io.err(`${note} what is there already cannot be listed (${error.code}): all files go up.`)
    return undefined
  }
}

async function uploadStdin(
  key: string,
  { type = 'application/octet-stream', partSize, stored }: ForAll,
  bucket: Bucket,
  linkFor: number | undefined,
  io: Io,
): Promise<number> {
  checkObjectKey(key)
  const name = key.slice(key.lastIndexOf('/') + 1)
  const headers = { 'Content-Type': type, ...storedHeadersOf(stored, bucket, name) }
  // Ctrl-C must not wait for more to come.
  const source = addAbortSignal(io.signal, process.stdin)
  const upload = { source, key, headers, partSize }
  const uploaded = await uploadStream(upload, bucket, io).finally(() => source.destroy())
  const { size } = uploaded
  const told = await tellUploaded({ name: '-', key, size, type }, uploaded, bucket, linkFor, io)
  if (io.json) io.out(JSON.stringify({ uploads: [told], failed: [] }))
  return EXIT.ok
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

/** How the files go up. */
interface Way {
  linkFor: number | undefined
  parallel: number
  there: Listed[] | undefined
}

/**
 * What becomes of each file is told in the order of the files. After an answer that is about all of them
 * no other is begun.
 */
async function uploadAll(
  all: Upload[],
  bucket: Bucket,
  { linkFor, parallel, there }: Way,
  io: Io,
): Promise<number> {
  const objects = new Map(there?.map((object) => [object.key, object]))
  let areKeysGood = there !== undefined
  let refused: CliError | undefined
  let isRefusalTold = false
  const results: ({ upload: object } | { failure: Failed })[] = []
  const total = all.reduce((sum, { size }) => sum + size, 0)
  const shared = all.length > 1 ? new Progress(io, `${all.length} files`, total) : undefined
  const tell = inOrder()
  const one = async (upload: Upload, index: number) => {
    try {
      io.signal.throwIfAborted()
      if (refused) throw refused
      const object = objects.get(upload.key)
      const isSame = object && (await hasBytes(upload, object, bucket, io.signal))
      if (isSame) shared?.add(upload.size)
      const uploaded = isSame
        ? { etag: object.etag, verified: 'md5' as const, skipped: true as const }
        : await uploadFile(upload, bucket, io, shared)
      areKeysGood = true
      tell(index, async () => {
        results[index] = await tellUploaded(upload, uploaded, bucket, linkFor, io).then(
          (told) => ({ upload: told }),
          (error) => ({ failure: { ...describeFailure(upload, bucket, error), stored: true } }),
        )
      })
    } catch (error) {
      const failure = describeFailure(upload, bucket, io.signal.aborted ? io.signal.reason : error)
      const isOfAll = error === refused || refusesAll(error, areKeysGood)
      if (isOfAll) refused ??= asCliError(error)
      tell(index, async () => {
        results[index] = { failure }
        if (io.json || io.signal.aborted || (isOfAll && isRefusalTold)) return
        isRefusalTold ||= isOfAll
        tellFailure(failure, isOfAll ? 1 : all.length, io)
      })
    }
  }
  const indexed = all.map((upload, index) => ({ upload, index }))
  const [small, large] = [false, true].map((isLarge) =>
    indexed.filter(({ upload }) => upload.size > MULTIPART_THRESHOLD === isLarge),
  ) as [typeof indexed, typeof indexed]
  const run = ({ upload, index }: (typeof indexed)[number]) => one(upload, index)
  try {
    await sideBySide(small, parallel, run)
    // The parts of one are side by side by themselves.
    await sideBySide(large, Math.max(1, Math.floor(parallel / LANES)), run)
    await tell.done()
  } finally {
    shared?.end()
  }
  const uploads = results.flatMap((result) => ('upload' in result ? [result.upload] : []))
  const failed = results.flatMap((result) => ('failure' in result ? [result.failure] : []))
  return sumUp(uploads, failed, refused?.exit ?? EXIT.failed, io)
}

async function hasBytes(
  { path, size, partSize }: Upload,
  object: Listed,
  bucket: Bucket,
  signal: AbortSignal,
): Promise<boolean> {
  return object.size === size && isSameFile({ path, size, partSize }, object.etag, bucket, signal)
}

function sumUp(uploads: object[], failed: Failed[], exit: number, io: Io): number {
  const [first] = failed
  const count = uploads.length + failed.length
  if (io.json) io.out(JSON.stringify({ uploads, failed, ...(first && { error: first.error }) }))
  else if (io.signal.aborted) throw io.signal.reason
  else if (first && count > 1) io.err(`${uploads.length} of ${count} files are uploaded.`)
  if (io.signal.aborted) return asCliError(io.signal.reason).exit
  return first ? exit : EXIT.ok
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

function readDestination(
  files: string[],
  last: string | undefined,
  isRecursive: boolean,
): S3Address {
  if (last === undefined || !isAddress(last) || files.length === 0) {
    throw usageError(
      'missing-argument',
      'Name the files first and then where they go: "upload cat.jpg s3://bucket/prefix/".',
    )
  }
  const address = parseAddress(last)
  if (isRecursive) {
    if (files.length === 1) return { ...address, key: asFolder(address.key) }
    throw usageError('bad-argument', `"${files[1]}" is too much: "--recursive" takes one folder.`)
  }
  const isFolder = address.key === '' || address.key.endsWith('/')
  if (isFolder && files[0] === '-') {
    throw usageError('bad-address', `What comes from stdin has no name: add one, as "${last}name".`)
  }
  if (isFolder || files.length === 1) return address
  throw usageError(
    'bad-address',
    `Several files cannot have one key: end the address with "/", as "${last}/".`,
  )
}

async function prepare(
  { file, name }: Source,
  { key: place }: S3Address,
  { type, ...others }: ForAll,
): Promise<Upload> {
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
    const what = found.isDirectory() ? 'is a folder: add "--recursive"' : 'is not a file'
    throw new CliError('file-unreadable', `"${file}" ${what}.`)
  }
  const { size, mtimeMs: changed } = found
  return { path, name: file, key, type: type ?? mediaTypeOf(name), size, changed, ...others }
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

async function tellUploaded(
  { name: file, key, size, type }: Pick<Upload, 'name' | 'key' | 'size' | 'type'>,
  uploaded: Uploaded & { skipped?: true },
  bucket: Bucket,
  linkFor: number | undefined,
  io: Io,
): Promise<object> {
  const address = `s3://${bucket.bucket}/${key}`
  const link =
    linkFor === undefined
      ? undefined
      : await presign(bucket, { method: 'GET', key, expiresIn: linkFor, now: new Date() })
  if (!io.json) {
    const what = uploaded.skipped ? 'is there already' : `uploaded, ${told(uploaded)}`
    io.err(`${io.style('green', '✓')} ${file}: ${formatSize(size)} ${what}`)
    io.out(link?.url ?? address)
  }
  return { file, bucket: bucket.bucket, key, size, type, ...uploaded, ...link }
}

function told({ verified, resumed }: Uploaded): string {
  const agrees = verified === 'md5' ? 'its MD5 agrees' : 'its size agrees'
  return resumed ? `${agrees}, ${formatSize(resumed)} were there already` : agrees
}
