import { lstat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Bucket } from '../../server/index.ts'
import { checkObjectKey } from '../bucket/s3-address.ts'
import { CliError } from '../frame/cli-error.ts'
import type { Io } from '../frame/command.ts'
import { told } from '../objects/delete-objects.ts'
import type { Listed } from '../objects/listing.ts'
import { sideBySide } from '../objects/side-by-side.ts'
import type { Downloaded } from './download-file.ts'
import { fileName, makeFolders } from './local-path.ts'
import { Progress } from './progress.ts'
import { isSameFile } from './same-file.ts'
import { checkFree, saveFile } from './save-file.ts'

/** Where objects go. */
export interface FolderTarget {
  bucket: Bucket
  /** What their keys begin with; it is not a part of their paths. */
  prefix: string
  /** An absolute path. It is there. */
  folder: string
  mayOverwrite: boolean
  /** How many at a time. */
  parallel: number
}

/** What became of one object. */
export type FolderResult = { key: string; file: string } & (
  | { downloaded: Downloaded & { skipped?: true } }
  | { error: { code: string; message: string } }
)

/**
 * Downloads objects into a folder, several at a time. Nothing is written outside of it, whatever their
 * keys are. One that fails does not keep the others from being downloaded.
 *
 * @param tell is called with what became of each, as it comes
 */
export async function downloadFolder(
  objects: readonly Listed[],
  target: FolderTarget,
  io: Io,
  tell: (result: FolderResult) => void,
): Promise<void> {
  const { bucket, prefix, folder, mayOverwrite, parallel } = target
  const taken = new Map<string, string>()
  const total = objects.reduce((sum, { size }) => sum + size, 0)
  const progress = new Progress(io, `${objects.length} files`, total)
  const one = async ({ key, size, etag }: Listed) => {
    let file = ''
    try {
      io.signal.throwIfAborted()
      checkObjectKey(key)
      const parts = key
        .slice(prefix.length)
        .split('/')
        .map((part) => fileName(part, io.windows))
      file = join(folder, ...parts)
      checkInside(folder, file)
      claim(taken, file, key)
      await makeFolders(folder, parts.slice(0, -1))
      if (
        (await isThere(file, size)) &&
        (await isSameFile({ path: file, size }, etag, bucket, io.signal))
      ) {
        progress.add(size)
        tell({ key, file, downloaded: { size, etag, verified: 'md5', skipped: true } })
        return
      }
      if (!mayOverwrite) await checkFree(file)
      tell({
        key,
        file,
        downloaded: await saveFile({ bucket, key, size, shared: progress }, file, io),
      })
    } catch (error) {
      tell({ key, file, error: told(io.signal.aborted ? io.signal.reason : error) })
    }
  }
  try {
    await sideBySide(objects, parallel, one)
  } finally {
    progress.end()
  }
}

/** Whether there is a file of this size, and not a link to one. */
async function isThere(path: string, size: number): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  return found?.isFile() === true && found.size === size
}

/** No key that was let through gets here; this is for the one that nobody thought of. */
function checkInside(folder: string, file: string): void {
  const way = relative(folder, file)
  if (way !== '' && !/^\.\.(?:[\\/]|$)/.test(way) && join(folder, way) === file) return
  throw new CliError('file-unwritable', 'The key leads out of the folder: it is not downloaded.')
}

/** Two keys may become one name, also where a file system takes letters of both cases for the same. */
function claim(taken: Map<string, string>, file: string, key: string): void {
  const name = file.normalize('NFC').toLowerCase()
  const other = taken.get(name)
  if (other !== undefined && (process.platform !== 'linux' || taken.get(`=${file}`))) {
    throw new CliError(
      'file-exists',
      `"${other}" has the same name as a file: download this one by itself, to another name.`,
    )
  }
  taken.set(name, key)
  taken.set(`=${file}`, key)
}
