import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Bucket } from '../../server/index.ts'

/** The beginning of an object that an earlier run has left. */
export interface Partial {
  path: string
  file: FileHandle
  /** Bytes that are there. */
  size: number
  /** That of the object, as the bucket wrote it. */
  etag: string
}

/**
 * Where an object is written until it is complete: beside the file, under a name with the object, its
 * ETag and the process in it. So another run finds it, and leaves it alone while this one runs.
 */
export function partialPath(path: string, bucket: Bucket, key: string, etag: string): string {
  const name = `${beginning(path, bucket, key)}${toName(etag)}.${process.pid}.part`
  return join(dirname(path), name)
}

/**
 * Takes over what an earlier run has left of an object.
 *
 * @returns `undefined` if there is nothing
 */
export async function takePartial(
  path: string,
  bucket: Bucket,
  key: string,
): Promise<Partial | undefined> {
  const folder = dirname(path)
  const start = beginning(path, bucket, key)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((each) => each.startsWith(start))) {
    const [, etag = '', pid = ''] = /^([\w-]+)\.(\d+)\.part$/.exec(name.slice(start.length)) ?? []
    if (etag === '' || isRunning(Number(pid))) continue
    const own = partialPath(path, bucket, key, fromName(etag))
    // Whoever else wants it comes too late.
    const isMine = await rename(join(folder, name), own).then(
      () => true,
      () => false,
    )
    const file = isMine ? await openOwn(own) : undefined
    if (!file) continue
    const { size } = await file.stat()
    if (size > 0) return { path: own, file, size, etag: fromName(etag) }
    await file.close()
    await rm(own, { force: true })
  }
  return undefined
}

/** A link would lead elsewhere, and a file of another user may be written to by them. */
async function openOwn(path: string): Promise<FileHandle | undefined> {
  const found = await lstat(path).catch(() => undefined)
  const uid = process.getuid?.()
  if (!found?.isFile() || (uid !== undefined && found.uid !== uid)) return undefined
  // Absent on Windows, where nobody but an administrator makes links.
  const flags = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0)
  return open(path, flags).catch(() => undefined)
}

/** Whether another process has it. One with the number of this one has ended, as in containers. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // One of another user is there, and may not be asked.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function beginning(path: string, { endpoint, bucket }: Bucket, key: string): string {
  const object = createHash('sha256').update(JSON.stringify([endpoint, bucket, key]))
  return `.${shorten(basename(path))}.${object.digest('hex').slice(0, 12)}.`
}

const toName = (etag: string) => Buffer.from(etag).toString('base64url')
const fromName = (name: string) => Buffer.from(name, 'base64url').toString()

/** File systems count bytes, and mostly allow 255 of them: with room for what comes around it. */
function shorten(name: string): string {
  let short = ''
  for (const character of name) {
    if (Buffer.byteLength(short + character) > 100) break
    short += character
  }
  return short
}
