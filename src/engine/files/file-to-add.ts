import { UploadError } from '../api/errors.ts'
import type { CandidateFile } from '../api/file.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import { openChosen } from '../copies/chosen-files.ts'
import { noteBatches } from './batches.ts'
import { type FileHandle, noteHandle } from './file-handles.ts'

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

const unreadable = new WeakSet<File>()

/**
 * Describes files that are added together.
 *
 * @param options the folder to put before each path, and what is sent with each
 */
export function toCandidates(
  items: Iterable<File | FileToAdd>,
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

function toCandidate(item: File | FileToAdd): CandidateFile {
  const { file, path, type, meta, handle, isUnreadable } =
    'file' in item ? item : ({ file: item } as FileToAdd)
  noteHandle(file, handle)
  if (isUnreadable) unreadable.add(file)
  return {
    name: file.name,
    size: file.size,
    type: type ?? file.type,
    path: path || file.webkitRelativePath || file.name,
    meta: { ...meta },
    file,
  }
}
