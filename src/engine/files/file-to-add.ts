import { UploadError } from '../api/errors.ts'
import type { CandidateFile } from '../api/file.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import { openChosen } from '../copies/chosen-files.ts'
import { noteBatches } from './batches.ts'
import { type FileHandle, noteHandle } from './file-handles.ts'
import { streams } from './streams.ts'

/** A file to add, with what the browser does not know about it. */
export interface FileToAdd {
  file: File
  /** Path inside a folder. By default `webkitRelativePath`, or the name. */
  path?: string
  /** Media type. By default the one that the browser assumes. */
  type?: string
  /** Sent to the signer with the file. */
  meta?: Record<string, string>
  /**
   * Reads the file again after a reload, so that users need not choose it again: from a drop,
   * `showOpenFilePicker()` or the origin private file system. Stored only during a multipart upload.
   */
  handle?: FileHandle | undefined
  /** The browser could not read it: it is rejected with `file-unreadable`. */
  isUnreadable?: boolean
}

/** A stream to add, whose length need not be known. It is read once, and only as fast as it is sent. */
export interface StreamToAdd {
  stream: ReadableStream<Uint8Array>
  name: string
  /** Media type. By default none. */
  type?: string
  /** Path inside a folder. By default the name. */
  path?: string
  /** Sent to the signer with the file. */
  meta?: Record<string, string>
}

/** What can be added. */
export type ItemToAdd = File | FileToAdd | StreamToAdd

const unreadable = new WeakSet<File>()

/**
 * Describes files that are added together.
 *
 * @param options the folder to put before each path, and what is sent with each
 */
export function toCandidates(
  items: Iterable<ItemToAdd>,
  { prefix, meta }: Pick<UploadEngineOptions, 'prefix' | 'meta'>,
): CandidateFile[] {
  if (globalThis.FileList && items instanceof FileList) openChosen(items)
  const folder = (prefix ?? '').replace(/^\/+|\/+$/g, '')
  const candidates = Array.from(items, (item) => {
    const own = toCandidate(item)
    const candidate = { ...own, meta: { ...meta, ...own.meta } }
    return folder ? { ...candidate, path: `${folder}/${candidate.path}` } : candidate
  })
  noteBatches(candidates)
  return candidates
}

/** The error of a file that the browser could not read when it was added. */
export function unreadableError({ file, name }: CandidateFile): UploadError | undefined {
  return unreadable.has(file) ? new UploadError('file-unreadable', name) : undefined
}

function toCandidate(item: ItemToAdd): CandidateFile {
  const { file, path, type, meta, handle, isUnreadable } = withFile(item)
  noteHandle(file, handle)
  if (isUnreadable) unreadable.add(file)
  return {
    name: file.name,
    size: file.size,
    type: type ?? file.type,
    path: path || file.webkitRelativePath || file.name,
    meta: { ...meta },
    file,
    ...(streams.has(file) && { isGrowing: true }),
  }
}

/** With an empty file in the place of a stream. */
function withFile(item: ItemToAdd): FileToAdd {
  if ('file' in item) return item
  const { stream } = item
  // A file has a method of that name.
  if (typeof stream === 'function') return { file: item as File }
  const file = new File([], item.name)
  streams.set(file, stream)
  return { ...(item as StreamToAdd), file }
}
