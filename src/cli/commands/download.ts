import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Bucket } from '../../server/index.ts'
import { formatSize } from '../../util/format-size.ts'
import { parseObject } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { CliError, usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io } from '../frame/command.ts'
import { type Downloaded, downloadFile } from '../transfer/download-file.ts'

/** Downloads one object. */
export const downloadCommand: Command = {
  name: 'download',
  summary: 'download an object through a presigned URL',
  usage: ['download s3://bucket/key [FILE|FOLDER|-] [--overwrite]'],
  about:
    'Without FILE it goes into the current folder, under the last part of its key; "-" is stdout. The\nfile has its name only once it is complete, and its bytes were compared with the object.',
  options: {
    overwrite: { type: 'boolean', help: 'replace a file that is there already' },
    ...TARGET_OPTIONS,
  },
  async run(values, [text, destination, ...more], io) {
    const { bucket: name, key } = parseObject(text)
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const bucket = await findBucket(name, values, io)
    if (destination === '-') {
      if (io.json) throw usageError('bad-option', '"--json" and "-" both want stdout: drop one.')
      await downloadFile(bucket, key, process.stdout, io)
      return EXIT.ok
    }
    const path = await findPath(key, destination, io)
    if (!values.overwrite) await checkFree(path)
    const downloaded = await save(bucket, key, path, io)
    print({ ...downloaded, bucket: name, key, file: path }, io)
    return EXIT.ok
  },
}

async function findPath(
  key: string,
  destination: string | undefined,
  { windows }: Io,
): Promise<string> {
  // On Windows a backslash would be a folder, and a colon a stream that no listing shows.
  const forbidden = windows ? /[\\<>:"|?*]/g : /\\/g
  const name = key.slice(key.lastIndexOf('/') + 1).replace(forbidden, '_')
  if (destination === undefined) return resolve(name)
  const found = await stat(destination).catch(() => undefined)
  return found?.isDirectory() ? join(resolve(destination), name) : resolve(destination)
}

async function checkFree(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found) return
  throw new CliError(
    'file-exists',
    `"${path}" is there already: name another file, or add "--overwrite".`,
  )
}

/** Writes under another name first, so that no half of a file stays. */
async function save(bucket: Bucket, key: string, path: string, io: Io): Promise<Downloaded> {
  const random = randomBytes(6).toString('hex')
  const partial = join(dirname(path), `.${shorten(basename(path))}.${random}.part`)
  const file = await create(partial, path)
  try {
    const sink = file.createWriteStream({ autoClose: false })
    const downloaded = await downloadFile(bucket, key, sink, io)
    await file.sync()
    await file.close()
    await rename(partial, path)
    return downloaded
  } catch (error) {
    await file.close().catch(() => {})
    await rm(partial, { force: true })
    if (error instanceof CliError || io.signal.aborted) throw error
    throw unwritable(path, error)
  }
}

/** File systems count bytes, and mostly allow 255 of them: with room for what comes around it. */
function shorten(name: string): string {
  let short = ''
  for (const character of name) {
    if (Buffer.byteLength(short + character) > 100) break
    short += character
  }
  return short
}

async function create(partial: string, path: string): Promise<FileHandle> {
  return open(partial, 'wx').catch((error: unknown) => {
    throw unwritable(path, error)
  })
}

function unwritable(path: string, error: unknown): CliError {
  const { code } = error as NodeJS.ErrnoException
  return new CliError(
    'file-unwritable',
    `"${path}" cannot be written (${code}): check the folder, its rights and its room.`,
  )
}

function print(
  downloaded: Downloaded & { file: string; bucket: string; key: string },
  io: Io,
): void {
  const { file, size, verified } = downloaded
  if (io.json) {
    io.out(JSON.stringify(downloaded))
    return
  }
  const agrees = verified === 'md5' ? 'its MD5 agrees' : 'its size agrees'
  io.err(`${io.style('green', '✓')} ${formatSize(size)} downloaded, ${agrees}`)
  io.out(file)
}
