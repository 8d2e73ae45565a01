import { access, constants, type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Bucket } from '../../server/index.ts'
import { CliError } from '../frame/cli-error.ts'
import type { Io } from '../frame/command.ts'
import { printable } from '../frame/printable.ts'
import { type Downloaded, downloadFile, type Sink } from './download-file.ts'
import { unwritable } from './local-path.ts'
import { partialPath, takePartial } from './partial-file.ts'
import type { Progress } from './progress.ts'

/** Objects above this are worth going on with; as files above it go up in parts. */
const LARGE = 16 * 2 ** 20

/** After these there is nothing to go on with. */
const ENDS = ['bytes-differ', 'object-changed', 'no-such-object', 'file-unwritable']

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

/** What the file is to be. */
export interface Wanted {
  bucket: Bucket
  key: string
  /** Bytes, if they are known. */
  size?: number | undefined
  /** Draws how far it and others have come; by default this one alone. */
  shared?: Progress | undefined
}

/**
 * Downloads an object to a file. It is written under another name first, so that no half of it has the
 * file's. Where an earlier run has left the beginning of a large object, it goes on from there.
 *
 * @throws {CliError}
 */
export async function saveFile(wanted: Wanted, path: string, io: Io): Promise<Downloaded> {
  const { bucket, key, size, shared } = wanted
  // A wrong name should not be told after the bucket was asked.
  await access(dirname(path), constants.W_OK).catch((error) => {
    throw unwritable(path, error.code)
  })
  const isSmall = size !== undefined && size <= LARGE
  const begun = isSmall ? undefined : await takePartial(path, bucket, key)
  let [file, partial] = [begun?.file, begun?.path]
  const discard = async () => {
    await file?.close().catch(() => {})
    if (partial !== undefined) await rm(partial, { force: true })
    ;[file, partial] = [undefined, undefined]
  }
  const sink: Sink = {
    begun,
    async open(etag) {
      await discard()
      partial = partialPath(path, bucket, key, etag)
      file = await create(partial, path)
      return file.createWriteStream({ autoClose: false })
    },
    async goOn(at) {
      if (!file) throw new Error('nothing has begun')
      return file.createWriteStream({ autoClose: false, start: at })
    },
  }
  try {
    const downloaded = await downloadFile(bucket, key, sink, io, shared)
    await file?.sync()
    await file?.close()
    if (partial !== undefined) await rename(partial, path)
    return downloaded
  } catch (error) {
    const written = await file?.stat().catch(() => undefined)
    if (partial !== undefined && (written?.size ?? 0) > 0 && mayGoOn(error, sink, io)) {
      await file?.close().catch(() => {})
      const note = io.style('yellow', 'Note:')
      io.err(
        `${note} what has arrived stays in "${printable(partial)}": the same command goes on from there.`,
      )
    } else await discard()
    if (error instanceof CliError || io.signal.aborted) throw error
    throw unwritable(path, (error as NodeJS.ErrnoException).code)
  }
}

/** Whether another run may go on: the object and the disk are well, and it is worth it. */
function mayGoOn(error: unknown, { begun, size = 0 }: Sink, { signal }: Io): boolean {
  const isOutside = error instanceof CliError && !ENDS.includes(error.code)
  return (begun !== undefined || size > LARGE) && (signal.aborted || isOutside)
}

/** A file of that name is of an earlier process with the number of this one. */
async function create(partial: string, path: string): Promise<FileHandle> {
  await rm(partial, { force: true })
  return open(partial, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw unwritable(path, error.code)
  })
}
