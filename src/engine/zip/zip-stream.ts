import { type InputWithoutMeta, makeZip, predictLength } from 'client-zip'
import { loadModule } from '../../util/load-module.ts'
import { UploadError } from '../api/errors.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import { forgetCopy } from '../copies/chosen-files.ts'
import type { FileToAdd } from '../files/file-to-add.ts'

/** What of an engine's options holds for a zip while it is made. */
export type ZipOptions = Pick<UploadEngineOptions, 'maxSize' | 'stripMetadata'>

/** A file, and its path in the zip. */
export type FileInZip = FileToAdd & { path: string }

/** The directory at the end of a zip counts them with 16 bits. client-zip does not write the longer one. */
const MOST_FILES = 65_535
/** The length of a path is written with 16 bits, too. */
const MOST_IN_PATH = 65_535
/** Small pieces are put together to so many bytes: to hand over each by itself costs more than to copy it. */
const LEAST_CHUNK = 65_536
/** A zip knows dates from 1980 to 2107. */
const FIRST_DATE = new Date(1980, 0, 1).getTime()
const LAST_DATE = new Date(2107, 11, 31).getTime()

/**
 * A zip of files, which are read one after the other, and only as fast as it is read itself. They are stored
 * without compression.
 *
 * It fails with an `UploadError`: `file-unreadable` if a file cannot be read or is not as long as it was,
 * `metadata-not-removed`, `too-large`, `too-many-files` or `library-incomplete`.
 *
 * @param name of the zip, for errors
 */
export function zipStream(
  name: string,
  files: readonly FileInZip[],
  options: ZipOptions,
): ReadableStream<Uint8Array> {
  const stop = new AbortController()
  let zip: ReadableStreamDefaultReader<Uint8Array> | undefined
  return new ReadableStream(
    {
      async pull(controller) {
        // Not before: it begins to read at once.
        zip ??= makeZip(entriesOf(name, files, options, stop.signal)).getReader()
        const chunk = await nextChunk(zip)
        if (chunk) controller.enqueue(chunk)
        else controller.close()
      },
      cancel(reason) {
        stop.abort(reason)
        void zip?.cancel(reason).catch(() => {})
      },
    },
    { highWaterMark: 0 },
  )
}

/** @returns nothing at the end */
async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  while (size < LEAST_CHUNK) {
    const { done, value } = await reader.read()
    if (done) break
    pieces.push(value)
    size += value.length
  }
  const chunk = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    chunk.set(piece, at)
    at += piece.length
  }
  return size > 0 ? chunk : undefined
}

async function* entriesOf(
  name: string,
  files: readonly FileInZip[],
  options: ZipOptions,
  signal: AbortSignal,
): AsyncGenerator<InputWithoutMeta> {
  check(name, files, options)
  for (const item of files) {
    const { file, path } = item
    const time = Math.min(Math.max(file.lastModified, FIRST_DATE), LAST_DATE)
    const content = options.stripMetadata ? await withoutMetadata(item) : file
    yield { name: path, lastModified: new Date(time), input: bytesOf(content, path, signal) }
    forgetCopy(file)
  }
}

/** Finds what can be known before anything is sent. */
function check(
  name: string,
  files: readonly FileInZip[],
  { maxSize = Number.POSITIVE_INFINITY, stripMetadata }: ZipOptions,
): void {
  if (files.length > MOST_FILES)
    throw new UploadError('too-many-files', name, { limit: MOST_FILES })
  for (const { path, isUnreadable } of files) {
    if (isUnreadable) throw unreadable(path, 'The browser could not read it.')
    const isLong = new TextEncoder().encode(path).length > MOST_IN_PATH
    if (isLong) throw unreadable(path.slice(-1024), 'Its path is too long for a zip.')
  }
  // By how much metadata makes it smaller is not known.
  if (stripMetadata) return
  const size = Number(
    predictLength(files.map(({ path, file }) => ({ name: path, size: file.size }))),
  )
  if (size > maxSize) throw new UploadError('too-large', name, { limit: maxSize, size })
}

async function withoutMetadata({ file, path, type }: FileInZip): Promise<File> {
  const { stripMetadata } = await loadModule(() => import('../photos/strip-metadata.ts')).catch(
    () => {
      throw new UploadError('library-incomplete', path)
    },
  )
  try {
    return (await stripMetadata(file, type ?? file.type)) ?? file
  } catch (reason) {
    if (!(reason instanceof UploadError)) throw unreadable(path, reason)
    throw new UploadError(reason.code, path, { ...reason.facts, path })
  }
}

/** The content of a file. What is shorter or longer than it was has changed, which not each browser tells. */
async function* bytesOf(file: File, path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  const stop = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', stop)
  try {
    let size = 0
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      yield value
    }
    if (size !== file.size && !signal.aborted) throw new Error('It is not as long as it was.')
  } catch (reason) {
    throw unreadable(path, reason)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function unreadable(path: string, reason: unknown): UploadError {
  const said = reason instanceof Error ? reason.message : String(reason)
  return new UploadError('file-unreadable', path, { path, said })
}
