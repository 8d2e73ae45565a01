import { randomBytes } from 'node:crypto'
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Bucket } from '../../server/index.ts'
import { CliError } from '../frame/cli-error.ts'
import type { Io } from '../frame/command.ts'
import { type Downloaded, downloadFile } from './download-file.ts'
import { unwritable } from './local-path.ts'
import type { Progress } from './progress.ts'

/**
 * Refuses a name that is taken.
 *
 * @throws {CliError} `file-exists`
 */
export async function checkFree(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return
  throw new CliError(
    'file-exists',
    `"${path}" is there already: name another file, or add "--overwrite".`,
  )
}

/**
 * Downloads an object to a file. It is written under another name first, so that no half of it stays.
 *
 * @param shared draws how far it and others have come; by default this one alone
 * @throws {CliError}
 */
export async function saveFile(
  bucket: Bucket,
  key: string,
  path: string,
  io: Io,
  shared?: Progress,
): Promise<Downloaded> {
  const random = randomBytes(6).toString('hex')
  const partial = join(dirname(path), `.${shorten(basename(path))}.${random}.part`)
  const file = await create(partial, path)
  try {
    const sink = file.createWriteStream({ autoClose: false })
    const downloaded = await downloadFile(bucket, key, sink, io, shared)
    await file.sync()
    await file.close()
    await rename(partial, path)
    return downloaded
  } catch (error) {
    await file.close().catch(() => {})
    await rm(partial, { force: true })
    if (error instanceof CliError || io.signal.aborted) throw error
    throw unwritable(path, (error as NodeJS.ErrnoException).code)
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
  return open(partial, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw unwritable(path, error.code)
  })
}
