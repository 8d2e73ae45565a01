import { mkdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Bucket } from '../../server/index.ts'
import { formatSize } from '../../util/format-size.ts'
import { asFolder, parseAddress, parseObject, type S3Address } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { asCliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io, type Values } from '../frame/command.ts'
import { printable } from '../frame/printable.ts'
import { listAll } from '../objects/listing.ts'
import { type Downloaded, downloadFile } from '../transfer/download-file.ts'
import { downloadFolder, type FolderResult } from '../transfer/download-folder.ts'
import { FILTER_OPTIONS, fileFilter } from '../transfer/globs.ts'
import { fileName, unwritable } from '../transfer/local-path.ts'
import { PARALLEL, readParallel } from '../transfer/parallel.ts'
import { checkFree, saveFile } from '../transfer/save-file.ts'

/** Downloads one object, or all that is below an address. */
export const downloadCommand: Command = {
  name: 'download',
  summary: 'download objects through presigned URLs',
  usage: [
    'download s3://bucket/key [FILE|FOLDER|-] [--overwrite]',
    'download s3://bucket/prefix/ [FOLDER] --recursive [--include GLOB] [--exclude GLOB]',
  ],
  about:
    'Without FILE it goes into the current folder, under the last part of its key; "-" is stdout. The\nfile has its name only once it is complete, and its bytes were compared with the object. Whatever\nthe keys are, nothing is written outside of the folder.',
  options: {
    recursive: { type: 'boolean', help: 'download all that is below the address' },
    ...FILTER_OPTIONS,
    parallel: { ...PARALLEL, help: `with --recursive: ${PARALLEL.help}` },
    overwrite: { type: 'boolean', help: 'replace a file that is there already' },
    ...TARGET_OPTIONS,
  },
  async run(values, [text, destination, ...more], io) {
    const address = readAddress(values, text)
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    if (values.recursive) return downloadAll(address, destination, values, io)
    const { bucket: name, key } = address
    const bucket = await findBucket(name, values, io)
    if (destination === '-') {
      if (io.json) throw usageError('bad-option', '"--json" and "-" both want stdout: drop one.')
      await downloadFile(bucket, key, { open: async () => process.stdout }, io)
      return EXIT.ok
    }
    const path = await findPath(key, destination, io)
    if (!values.overwrite) await checkFree(path)
    const downloaded = await saveFile({ bucket, key }, path, io)
    print({ ...downloaded, bucket: name, key, file: path }, io)
    return EXIT.ok
  },
}

function readAddress(values: Values, text: string | undefined): S3Address {
  if (values.recursive && text !== undefined) {
    const { bucket, key } = parseAddress(text)
    return { bucket, key: asFolder(key) }
  }
  const option = ['include', 'exclude', 'parallel'].find((name) => values[name] !== undefined)
  if (option !== undefined) {
    throw usageError('bad-option', `"--${option}" is for many objects: add "--recursive".`)
  }
  return parseObject(text)
}

async function findPath(
  key: string,
  destination: string | undefined,
  { windows }: Io,
): Promise<string> {
  const name = fileName(key.slice(key.lastIndexOf('/') + 1), windows)
  if (destination === undefined) return resolve(name)
  const found = await stat(destination).catch(() => undefined)
  return found?.isDirectory() ? join(resolve(destination), name) : resolve(destination)
}

async function downloadAll(
  { bucket: name, key: prefix }: S3Address,
  destination: string | undefined,
  values: Values,
  io: Io,
): Promise<number> {
  if (destination === '-') {
    throw usageError('bad-argument', '"-" is for one object: name a folder, or drop "--recursive".')
  }
  const isChosen = fileFilter(values)
  const parallel = readParallel(values)
  const bucket = await findBucket(name, values, io)
  const folder = resolve(destination ?? '.')
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw unwritable(folder, error.code)
  })
  const all = await listAll(bucket, prefix, io.signal)
  // An object that ends with a slash stands for a folder.
  const objects = all.filter(({ key }) => !key.endsWith('/') && isChosen(key.slice(prefix.length)))
  const results: FolderResult[] = []
  const target = { bucket, prefix, folder, mayOverwrite: values.overwrite === true, parallel }
  await downloadFolder(objects, target, io, (result) => {
    results.push(result)
    if (!io.json && !io.signal.aborted) tell(result, io)
  })
  return sumUp(results, bucket, io)
}

function tell(result: FolderResult, io: Io): void {
  if ('downloaded' in result) {
    io.out(printable(result.file))
    return
  }
  const { code, message } = result.error
  io.err(`${io.style('red', 'Error:')} ${printable(`${result.key}: ${message}`)} (${code})`)
}

function sumUp(results: FolderResult[], { bucket }: Bucket, io: Io): number {
  const downloads = results.flatMap((it) =>
    'downloaded' in it ? [{ file: it.file, bucket, key: it.key, ...it.downloaded }] : [],
  )
  const failed = results.flatMap((it) =>
    'error' in it ? [{ bucket, key: it.key, error: it.error }] : [],
  )
  const [first] = failed
  if (io.json) io.out(JSON.stringify({ downloads, failed, ...(first && { error: first.error }) }))
  else if (io.signal.aborted) throw io.signal.reason
  else {
    const fresh = downloads.filter(({ skipped }) => !skipped)
    const size = fresh.reduce((sum, each) => sum + each.size, 0)
    const mark = first ? '' : `${io.style('green', '✓')} `
    const count = `${fresh.length} of ${results.length}`
    const rest = downloads.length - fresh.length
    const there = rest === 0 ? '' : `; there already: ${rest}`
    io.err(`${mark}${count} files are downloaded, ${formatSize(size)}${there}`)
  }
  if (io.signal.aborted) return asCliError(io.signal.reason).exit
  return first ? EXIT.failed : EXIT.ok
}

function print(
  downloaded: Downloaded & { file: string; bucket: string; key: string },
  io: Io,
): void {
  const { file, size, verified, resumed } = downloaded
  if (io.json) {
    io.out(JSON.stringify(downloaded))
    return
  }
  const agrees = verified === 'md5' ? 'its MD5 agrees' : 'its size agrees'
  const rest = resumed ? `, ${formatSize(resumed)} were there already` : ''
  io.err(`${io.style('green', '✓')} ${formatSize(size)} downloaded, ${agrees}${rest}`)
  io.out(file)
}
